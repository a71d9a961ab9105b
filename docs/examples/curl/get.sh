#!/bin/sh
# Shows a message and how it got there: get.sh msg_...
set -eu
curl -sS --fail-with-body "$BINDERY_URL/v1/messages/$1" -H "Authorization: Bearer $BINDERY_KEY"
