"""A small client on Python's standard library. Needs BINDERY_URL and BINDERY_KEY."""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ["BINDERY_URL"].rstrip("/")
KEY = os.environ["BINDERY_KEY"]
MOST_TRIES = 3


class BinderyError(Exception):
    def __init__(self, problem, retry_after):
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.code = problem["code"]
        self.retryable = problem["retryable"]
        self.retry_after = retry_after


def call(method, path, body=None, query=None, idempotency_key=None):
    """The answer as Python objects. Raises BinderyError."""
    url = URL + path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = {"Authorization": f"Bearer {KEY}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise BinderyError(json.load(error), int(error.headers.get("Retry-After", "1"))) from None


def call_again(method, path, **options):
    """The same, tried again where that may help. Give a POST an idempotency_key, or it may be done twice."""
    for last in [False] * (MOST_TRIES - 1) + [True]:
        try:
            return call(method, path, **options)
        except BinderyError as error:
            if last or not error.retryable:
                raise
            time.sleep(error.retry_after)
        except urllib.error.URLError:
            if last:
                raise
            time.sleep(1)
