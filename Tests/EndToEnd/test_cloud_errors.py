"""The error table, as far as the cloud causes it: each row in HTML and in JSON, and what is tried again."""

import email.utils
import time

import pytest

import processes
from pages import HTML, JSON
from upstream import Answer, Held, Raw, Reset, failure, success

FORMATS = pytest.mark.parametrize("html", [True, False], ids=["html", "json"])


def assert_fails(response, status, code, html):
    assert response.status == status, response.text[:500]
    assert response.headers["x-request-id"]
    if html:
        assert response.headers["content-type"].lower().startswith("text/html")
        assert code in response.text
        return response.text
    actual, message = response.error
    assert actual == code
    return message


CODES = [
    # what the cloud says, HTTP
    ("ResourceNotFound.FunctionName", 404),
    ("ResourceUnavailable.InsufficientBalance", 503),
    ("InvalidParameterValue.Param", 400),
    ("InternalError", 502),
    ("InternalError.System", 502),
    ("AuthFailure.SignatureFailure", 502),
    ("AuthFailure.SecretIdNotFound", 502),
    ("AuthFailure.TokenFailure", 502),
    ("UnauthorizedOperation.CAM", 502),
]


@FORMATS
@pytest.mark.parametrize("code, status", CODES)
def test_an_error_of_the_cloud_keeps_its_code_and_gets_its_status(relay, upstream, code, status, html):
    upstream.behaviour = lambda call: failure(code)
    response = relay(upstream.port).invoke({"FunctionName": "hello"}, headers=HTML if html else JSON)
    assert_fails(response, status, code, html)
    assert len(upstream.calls) == 1, "an error that is an answer is not asked for again"


NONSENSE = {
    "not JSON": Answer(b"<html>gateway</html>"),
    "JSON but no envelope": Answer(b'{"ok":true}'),
    "an envelope without a result": Answer(b'{"Response":{"RequestId":"r"}}'),
    "an error without a code": Answer(b'{"Response":{"Error":{},"RequestId":"r"}}'),
    "an empty body": Answer(b""),
    "status 500": Answer(b"oops", status=500),
    "status 302": Answer(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "half an answer": Answer(success().body[:50], announced=5000),
    "no HTTP": Raw(b"hello\n"),
    "a reset": Reset(),
    "nothing": Raw(b""),
    "too much": Answer(b"x" * (64 << 20)),
}


@FORMATS
@pytest.mark.parametrize("reply", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_cloud_that_answers_nonsense_is_a_network_error(relay, upstream, reply, html):
    upstream.behaviour = lambda call: reply
    running = relay(upstream.port)
    assert_fails(running.invoke({"FunctionName": "hello"}, headers=HTML if html else JSON),
                 502, "ClientError.NetworkError", html)
    assert len(upstream.calls) == 1, "what may have run is never sent again"
    upstream.behaviour = lambda call: success()
    assert running.invoke({"FunctionName": "hello"}).status == 200


@FORMATS
def test_a_cloud_that_cannot_be_reached_is_a_network_error(relay, html):
    port, = processes.free_ports(1)
    response = relay(port).invoke({"FunctionName": "hello"}, headers=HTML if html else JSON)
    assert_fails(response, 502, "ClientError.NetworkError", html)


@FORMATS
def test_a_cloud_that_is_silent_is_a_timeout_with_outcome_unknown_and_no_second_try(relay, upstream, html):
    upstream.behaviour = lambda call: Held(success())
    response = relay(upstream.port, cloud={"timeoutSeconds": 1}).invoke(
        {"FunctionName": "hello"}, headers=HTML if html else JSON)
    assert "unknown" in assert_fails(response, 504, "ClientError.Timeout", html)
    assert len(upstream.calls) == 1


def test_a_call_that_the_cloud_was_too_busy_for_is_tried_again(relay, upstream):
    upstream.behaviour = lambda call: failure("RequestLimitExceeded") if len(upstream.calls) == 1 else success()
    assert relay(upstream.port).invoke({"FunctionName": "hello"}).status == 200
    assert len(upstream.calls) == 2


@FORMATS
def test_a_cloud_that_stays_too_busy_is_429_with_Retry_After(relay, upstream, html):
    upstream.behaviour = lambda call: failure("RequestLimitExceeded")
    response = relay(upstream.port).invoke({"FunctionName": "hello"}, headers=HTML if html else JSON)
    assert_fails(response, 429, "RequestLimitExceeded", html)
    assert int(response.headers["retry-after"]) >= 1
    assert len(upstream.calls) > 1


def test_a_wrong_clock_is_put_right_by_the_clouds_date(relay, upstream):
    ahead = int(time.time()) + 3600
    expired = failure("AuthFailure.SignatureExpire", Date=email.utils.formatdate(ahead, usegmt=True))
    upstream.behaviour = lambda call: success() if int(call.headers["x-tc-timestamp"]) > ahead - 60 else expired
    assert relay(upstream.port).invoke({"FunctionName": "hello"}).status == 200
    assert len(upstream.calls) == 2
    assert upstream.calls[0].headers["authorization"] != upstream.calls[1].headers["authorization"]


def test_a_clock_that_cannot_be_put_right_ends_in_502(relay, upstream):
    upstream.behaviour = lambda call: failure("AuthFailure.SignatureExpire")
    response = relay(upstream.port).invoke({"FunctionName": "hello"}, headers=JSON)
    assert_fails(response, 502, "AuthFailure.SignatureExpire", html=False)
    assert len(upstream.calls) <= 2


def test_what_the_cloud_gets_is_the_call_and_nothing_else(relay, upstream):
    text = '{"城市":"广州"}'
    relay(upstream.port).invoke({"FunctionName": "hello", "ClientContext": text, "LogType": "Tail"},
                                headers={"Cookie": "session=1", "X-Forwarded-For": "10.0.0.1"})
    call, = upstream.calls
    assert (call.method, call.target) == ("POST", "/")
    assert call.json()["ClientContext"] == text
    assert call.json()["FunctionName"] == "hello" and call.json()["LogType"] == "Tail"
    assert call.headers["x-tc-action"] == "Invoke"
    assert call.headers["x-tc-version"] == "2018-04-16"
    assert call.headers["x-tc-region"] == "ap-guangzhou"
    assert call.headers["authorization"].startswith("TC3-HMAC-SHA256 Credential=AKIDLOCAL/")
    assert "cookie" not in call.headers and "x-forwarded-for" not in call.headers


def test_a_proxy_in_the_environment_is_not_used(upstream, relay, monkeypatch):
    port, = processes.free_ports(1)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setitem(processes.CLEAN_ENVIRONMENT, name, f"http://127.0.0.1:{port}")
    monkeypatch.delitem(processes.CLEAN_ENVIRONMENT, "NO_PROXY")
    assert relay(upstream.port).invoke({"FunctionName": "hello"}).status == 200
