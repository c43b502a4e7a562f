"""The routes of the relay as docs/http.md lists them, and whether a web server lets each of them through."""

import re

import fastcgi_client
import processes
from pages import JSON

# Beside those of the list: what a program writes that forgot the name.
NAMELESS = [("POST", "/hooks"), ("POST", "/hooks/"), ("GET", "/deliveries/"), ("GET", "/history/")]


def documented():
    """Method and path of each route in the table of docs/http.md; the page itself, which is a file, left out."""
    text = (processes.ROOT / "docs" / "http.md").read_text()
    routes = []
    for cell in re.findall(r"^\| (`(?:GET|POST) /.*?) \|", text, re.MULTILINE):
        method = None
        for words in re.findall(r"`([^`]+)`", cell):
            *named, path = words.split(" ")
            method = named[0] if named else method
            if path.startswith("/") and path != "/":
                routes.append((method, path.replace("/ID", "/0123456789abcdef").replace("/NAME", "/nobody")))
    return routes


def assert_all_reach_the_relay(url, relay_socket, http, headers=None):
    """Each route is answered through the web server as the relay answers it on its socket: no redirect, no 404 of a file."""
    wrong = {}
    for method, path in documented() + NAMELESS:
        call = {"headers": JSON | ({"Content-Type": "application/json"} if method == "POST" else {})}
        body = b"{}" if method == "POST" else b""
        expected = fastcgi_client.call(relay_socket, method, path, call["headers"], body)
        answer = http.request(
            method, url + path, headers=call["headers"] | (headers or {}), data=body, allow_redirects=False)
        got = answer.status_code, answer.headers.get("Content-Type")
        if got != (expected.status, expected.headers.get("content-type")):
            wrong[f"{method} {path}"] = f"{got}, of the relay {expected.status}, {expected.headers.get('content-type')}"
    assert not wrong, wrong
