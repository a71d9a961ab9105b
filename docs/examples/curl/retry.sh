#!/bin/sh
# Sends a message and tries again while that may help. The Idempotency-Key makes all tries one request: nothing is sent twice.
set -eu
curl -sS --fail-with-body --retry 3 --retry-connrefused "$BINDERY_URL/v1/messages" \
  -H "Authorization: Bearer $BINDERY_KEY" \
  -H "Idempotency-Key: ${1:-order-1042-shipped}" \
  -H 'Content-Type: application/json' \
  -d '{"to": "+639171234567", "from": "BINDERY", "text": "Order 1042 is on its way"}'
