"""Sends a message, and says why where it is refused."""

import sys

from bindery import BinderyError, call

try:
    message = call(
        "POST",
        "/v1/messages",
        body={"to": "0917 123 4567", "from": "BINDERY", "text": "Your code is 493021", "lane": "otp"},
    )
    print(message["id"], message["status"])
except BinderyError as error:
    sys.exit(str(error))
