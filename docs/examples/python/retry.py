"""Sends a message once, however often this program is run."""

import sys

from bindery import call_again

message = call_again(
    "POST",
    "/v1/messages",
    body={"to": "+639171234567", "from": "BINDERY", "text": "Order 1042 is on its way"},
    idempotency_key=sys.argv[1] if len(sys.argv) > 1 else "order-1042-shipped",
)
print(message["id"], message["status"])
