#!/bin/sh
# Sends a message. Needs BINDERY_URL and BINDERY_KEY.
set -eu
curl -sS --fail-with-body "$BINDERY_URL/v1/messages" \
  -H "Authorization: Bearer $BINDERY_KEY" \
  -H 'Content-Type: application/json' \
  -d '{"to": "+639171234567", "from": "BINDERY", "text": "Your code is 493021", "lane": "otp"}'
