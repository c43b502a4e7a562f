"""The calls, and wrk, which sends them."""

import json
import subprocess

from programs import DIRECTORY, HERE, fail

PAYLOADS = {"100 B": 100, "10 KB": 10_000, "1 MB": 1_000_000}
CONNECTIONS = [1, 32, 256]


def event(size):
    """A JSON object of that many bytes, which it says itself: records, with quotes to escape in every name and text."""
    head, row, tail = f'{{"bytes":{size},"items":[', '{"id":12345,"name":"some name","ok":true,"v":1.5},', ']}'
    room = size - len(head) - len(tail) - 2
    return head + row * (room // len(row)) + '"' + "." * (room % len(row)) + '"' + tail


def body(payload):
    """The body of POST /invoke, ClientContext a JSON string as in the cloud's own API."""
    call = {"FunctionName": "hello", "ClientContext": event(PAYLOADS[payload])}
    return json.dumps(call, separators=(",", ":")).encode()


def write_bodies():
    for payload in PAYLOADS:
        file_of(payload).write_bytes(body(payload))


def file_of(payload):
    return DIRECTORY / f"{payload.replace(' ', '')}.json"


def run_wrk(url, payload, connections, seconds):
    """Runs wrk; what payloads/call.lua prints, as a dictionary."""
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "60", "-s", HERE / "payloads" / "call.lua", url,
         "--", file_of(payload)],
        capture_output=True, text=True, check=True).stdout
    result = json.loads(output.partition("RESULT ")[2])
    if result["failed"]:
        fail(f"not all calls to {url} were answered:\n{output}")
    return result
