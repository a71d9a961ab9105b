"""Lists all messages to a number, page by page."""

from bindery import call

query = {"to": "+639171234567", "limit": 50}
while True:
    page = call("GET", "/v1/messages", query=query)
    for message in page["data"]:
        print(message["id"], message["status"])
    if not page["has_more"]:
        break
    query["cursor"] = page["next_cursor"]
