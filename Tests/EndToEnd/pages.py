"""What every answer must have, as HTML and as JSON."""

import re

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


def headers_of(response):
    return {name.lower(): value for name, value in response.headers.items()}


def assert_is_html(response, language="en"):
    headers = headers_of(response)
    assert headers["content-type"].replace(" ", "").lower() == "text/html;charset=utf-8"
    assert re.search(rf'<html[^>]* lang="{language}', response.text)
    assert "<script>" not in response.text and " style=" not in response.text, "the CSP forbids it"
    assert_is_identified_and_safe(headers)


def assert_is_json(response):
    headers = headers_of(response)
    assert headers["content-type"] == "application/json"
    envelope = response.json()
    assert list(envelope) == ["Response"]
    assert envelope["Response"]["RequestId"]
    assert_is_identified_and_safe(headers)
    return envelope["Response"]


def assert_is_identified_and_safe(headers):
    assert headers["x-request-id"]
    for name, start in SECURITY_HEADERS.items():
        assert headers[name].startswith(start), name
        assert headers[name].count(start) == 1, f"{name} twice"


def assert_is_failure(response, status, code, html):
    """The error `code` with its HTTP status, in the format that was asked for. Returns the message, or the page."""
    status_of = getattr(response, "status_code", None) or response.status
    assert status_of == status, response.text[:500]
    if html:
        assert_is_html(response)
        assert code in response.text
        return response.text
    error = assert_is_json(response)["Error"]
    assert list(error) == ["Code", "Message"]
    assert error["Code"] == code
    assert error["Message"]
    return error["Message"]
