"""Calls as the SDKs of other languages put them on the wire, signed here by code of the test's own.

Where they differ from the Python SDK, and from each other: docs/sdks.md, with the places in their sources.
"""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import pytest

EVENT = {"text": "汉字 <b>&'\"</b> = + 😀", "n": 1}


@dataclass(frozen=True)
class Habits:
    """How an SDK signs and writes a call with TC3."""

    # What stands in the credential scope, and as host, for the endpoint 127.0.0.1:8081.
    service: str
    signs_port: bool = True
    content_type: str = "application/json"
    after_algorithm: str = " "
    ascii_json: bool = False
    # The JSON of Go and Java escapes what HTML could misread.
    escaped: str = ""
    signed_headers: tuple = ("content-type", "host")
    connection: str = "keep-alive"
    query_quote: staticmethod = quote_plus


SDKS = {
    "Python": Habits("scf", ascii_json=True),
    "Go": Habits("scf", escaped="<>&"),
    "Java": Habits("127", content_type="application/json; charset=utf-8", escaped="<>&='"),
    "PHP": Habits("127"),
    "Node.js": Habits("127", signs_port=False, query_quote=quote),
    # It gives .NET a header value that begins with a space.
    ".NET": Habits("127", after_algorithm="  "),
    ".NET, old versions": Habits("127", content_type="application/json; charset=utf-8", after_algorithm="  "),
    "C++": Habits("127", connection="Close"),
    "curl, from the documents": Habits(
        "scf", content_type="application/json; charset=utf-8", signed_headers=("content-type", "host", "x-tc-action")),
}


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("name", SDKS)
def test_a_call_as_that_sdk_signs_it(door, name, method):
    habits = SDKS[name]
    event = json.dumps(EVENT, ensure_ascii=False)
    answer = call(door, habits, method, {"FunctionName": "echo", "ClientContext": event})
    assert "Error" not in answer, answer
    assert answer["Result"]["RetMsg"] == event


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("name", SDKS)
def test_the_same_call_with_another_key(door, name, method):
    answer = call(door, SDKS[name], method, {"FunctionName": "echo"}, secret_key="wrong")
    assert answer["Error"]["Code"] == "AuthFailure.SignatureFailure"


def call(door, habits, method, parameters, secret_key=None):
    """Signs and sends a call; returns what `Response` holds."""
    if method == "POST":
        content_type, query = habits.content_type, ""
        text = json.dumps(parameters, ensure_ascii=habits.ascii_json)
        for character in habits.escaped:
            text = text.replace(character, f"\\u{ord(character):04x}")
        body = text.encode()
    else:
        content_type = "application/x-www-form-urlencoded"
        query = "&".join(f"{name}={habits.query_quote(value)}" for name, value in parameters.items())
        body = b""
    now = int(time.time())
    headers = {"Content-Type": content_type, "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16",
               "X-TC-Region": "ap-guangzhou", "X-TC-Timestamp": str(now), "Connection": habits.connection}
    headers["Authorization"] = authorization(
        door, habits, method, query, {name.lower(): value.lower() for name, value in headers.items()}, body, now,
        secret_key or door.key.secret_key)
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)
    connection.request(method, "/?" + query if query else "/", body or None, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert (response.status, response.headers["Content-Type"]) == (200, "application/json")
    return answer["Response"]


def authorization(door, habits, method, query, headers, body, now, secret_key):
    """TC3-HMAC-SHA256 as the cloud's document describes it."""
    host = door.endpoint if habits.signs_port else door.endpoint.partition(":")[0]
    signed = "".join(f"{name}:{(headers | {'host': host})[name]}\n" for name in habits.signed_headers)
    names = ";".join(habits.signed_headers)
    request = "\n".join([method, "/", query, signed, names, hashlib.sha256(body).hexdigest()])
    date = time.strftime("%Y-%m-%d", time.gmtime(now))
    scope = f"{date}/{habits.service}/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", str(now), scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"TC3{secret_key}".encode()
    for part in (date, habits.service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    return (f"TC3-HMAC-SHA256{habits.after_algorithm}Credential={door.key.secret_id}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}")
