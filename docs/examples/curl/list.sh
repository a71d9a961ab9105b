#!/bin/sh
# Lists all messages to a number, page by page.
set -eu
cursor=
while :; do
  page=$(curl -sS --fail-with-body -G "$BINDERY_URL/v1/messages" \
    -H "Authorization: Bearer $BINDERY_KEY" \
    --data-urlencode 'to=+639171234567' \
    --data-urlencode 'limit=50' \
    ${cursor:+--data-urlencode "cursor=$cursor"})
  printf '%s\n' "$page" | grep -o '"id":"msg_[^"]*"' || true
  cursor=$(printf '%s' "$page" | sed -n 's/.*"next_cursor":"\([^"]*\)".*/\1/p')
  [ -n "$cursor" ] || break
done
