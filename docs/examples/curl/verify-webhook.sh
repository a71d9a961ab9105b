#!/bin/sh
# Says whether a delivery is from Bindery: verify-webhook.sh ID TIMESTAMP SIGNATURE <body
# with the values of the headers webhook-id, webhook-timestamp and webhook-signature. Needs WEBHOOK_SECRET (whsec_...).
set -eu
age=$(($(date +%s) - $2))
[ "${age#-}" -le 300 ] || { echo 'too old'; exit 1; }
key=$(printf '%s' "${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
expected=v1,$({ printf '%s.%s.' "$1" "$2"; cat; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
# While a secret is rotated there are several signatures, parted by spaces.
for signature in $3; do
  [ "$signature" = "$expected" ] && { echo genuine; exit 0; }
done
echo forged
exit 1
