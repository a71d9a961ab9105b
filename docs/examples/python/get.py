"""Shows a message and how it got there: python3 get.py msg_..."""

import sys

from bindery import call

message = call("GET", f"/v1/messages/{sys.argv[1]}")
print(message["id"], message["status"])
for entry in message["timeline"]:
    print(entry["at"], entry["status"])
