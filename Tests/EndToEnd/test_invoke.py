"""POST /invoke through nginx, relay and local cloud: what goes in comes out, in each format and each transport."""

import json

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from pages import HTML, JSON, assert_is_failure, assert_is_html, assert_is_json
from upstream import Answer

MEBIBYTE = 1_048_576


def post_form(http, site, text, **headers):
    return http.post(f"{site.url}/invoke", data={"FunctionName": "echo", "ClientContext": text.encode()},
                     headers=JSON | headers)


def post_multipart(http, site, text, **headers):
    return http.post(f"{site.url}/invoke", files={"FunctionName": (None, "echo"), "ClientContext": (None, text.encode())},
                     headers=JSON | headers)


def post_multipart_file(http, site, text, **headers):
    return http.post(f"{site.url}/invoke", data={"FunctionName": "echo"},
                     files={"ClientContext": ("event.json", text.encode(), "application/json")}, headers=JSON | headers)


def post_json_string(http, site, text, **headers):
    return post_json(http, site, json.dumps(text, ensure_ascii=False), **headers)


def post_json_escaped_string(http, site, text, **headers):
    return post_json(http, site, json.dumps(text), **headers)


def post_json_value(http, site, text, **headers):
    return post_json(http, site, text, **headers)


def post_json(http, site, context, **headers):
    body = '{"FunctionName":"echo","ClientContext":' + context + "}"
    return http.post(f"{site.url}/invoke", data=body.encode(),
                     headers=JSON | {"Content-Type": "application/json"} | headers)


TRANSPORTS = [post_form, post_multipart, post_multipart_file, post_json_string, post_json_escaped_string, post_json_value]


def can_carry(send, text):
    """As a JSON value, a string is the text of an event and no event itself, and null is an absent field."""
    return send is not post_json_value or text[0] not in '"n'


def document_of(size):
    """A JSON document of exactly `size` bytes, with all kinds of characters in it."""
    start, end = '{"城市":"广州","emoji":"👩‍💻","items":[', '"end"]}'
    row = '{"id":12345,"name":"some \\"name\\"","ok":true,"v":1.50e+02,"text":"\\u4e2d\\n"},'
    room = size - len((start + end).encode())
    rows = room // len(row)
    text = start + row * rows + end
    text = text.replace('"end"', '"end' + "." * (size - len(text.encode())) + '"')
    assert len(text.encode()) == size
    return text


DOCUMENTS = {
    "one mebibyte": document_of(MEBIBYTE),
    "Chinese": '{"城市":"广州","字":"汉字漢字"}',
    "emoji": '{"👩‍💻":"🎉"}',
    "a long number": "12345678901234567890.10e+02",
    "escapes": r'{"a":"\u4e2d\n\t\"\\\/\b\f\r\ud83d\ude00\u0000"}',
    "quotes and markup": '{"q":"<script>alert(\'1\')</script>&amp;&#39;\\"</pre>"}',
    "white space": '[ 1 ,\r\n\t2 ]',
    "form characters": '"a+b%20c=d&e;f?#"',
    "the same name twice": '{"a":1,"a":2}',
    "an empty text": '""',
    "null": "null",
    "nested": "[" * 60 + "]" * 60,
}


@pytest.mark.parametrize("send, text", [
    pytest.param(send, text, id=f"{send.__name__}-{name}")
    for send in TRANSPORTS for name, text in DOCUMENTS.items() if can_carry(send, text)])
def test_an_event_reaches_the_function_byte_for_byte(site, http, send, text):
    result = assert_is_json(send(http, site, text))["Result"]
    assert result["ErrMsg"] == ""
    assert result["RetMsg"] == text


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text() |
    strategies.floats(allow_nan=False, allow_infinity=False),
    lambda inner: strategies.lists(inner, max_size=4) | strategies.dictionaries(strategies.text(), inner, max_size=4)))
def test_any_json_reaches_the_function_byte_for_byte(site, http, value):
    text = json.dumps(value, ensure_ascii=False)
    for send in filter(lambda send: can_carry(send, text), TRANSPORTS):
        assert send(http, site, text).json()["Response"]["Result"]["RetMsg"] == text


@pytest.mark.parametrize("html", [True, False], ids=["html", "json"])
@pytest.mark.parametrize("send", TRANSPORTS)
def test_one_byte_more_than_a_mebibyte_is_refused_with_both_numbers(site, http, send, html):
    response = send(http, site, document_of(MEBIBYTE + 1), **(HTML if html else JSON))
    message = assert_is_failure(response, 413, "RequestSizeLimitExceeded", html).replace(",", "")
    assert "1048576" in message and "1048577" in message


@pytest.mark.parametrize("html", [True, False], ids=["html", "json"])
def test_a_body_that_nginx_refuses_gets_the_same_error(site, http, html):
    response = http.post(f"{site.url}/invoke", data=b"x" * (4 * MEBIBYTE + 1),
                         headers={"Content-Type": "application/json"} | (HTML if html else JSON))
    if html:
        assert response.status_code == 413
        assert_is_html(response)
        assert "1,048,576" in response.text
    else:
        assert_is_failure(response, 413, "RequestSizeLimitExceeded", html)


def test_the_example_of_the_api_page_as_a_form_is_html(site, http):
    response = http.post(f"{site.url}/invoke", data={"FunctionName": "hello"})
    assert response.status_code == 200
    assert_is_html(response)
    assert "hello from scf" in response.text


def test_the_example_of_the_api_page_as_json_is_the_clouds_envelope(site, http):
    response = http.post(f"{site.url}/invoke", json={"FunctionName": "hello"})
    assert response.status_code == 200
    result = assert_is_json(response)["Result"]
    assert set(result) == {"MemUsage", "Log", "RetMsg", "BillDuration", "FunctionRequestId", "Duration", "ErrMsg",
                           "InvokeResult"}
    assert result["RetMsg"] == "hello from scf"
    assert result["ErrMsg"] == "" and result["InvokeResult"] == 0
    assert result["Duration"] > 0 and result["BillDuration"] >= result["Duration"] and result["MemUsage"] > 100_000


def test_the_answer_of_the_cloud_is_passed_on_byte_for_byte(relay, upstream):
    body = ('{ "Response" :{"Result":{"RetMsg":"\\u4e2d<\\/b>","Log":"","ErrMsg":"","InvokeResult":0,"Duration":0.50,'
            '"BillDuration":1e2,"MemUsage":3207168,"FunctionRequestId":"f","New":[1.0]} , "RequestId":"r-1"}}\n').encode()
    upstream.behaviour = lambda call: Answer(body)
    response = relay(upstream.port).invoke({"FunctionName": "hello"})
    assert response.status == 200
    assert response.body == body


def test_an_empty_field_is_an_absent_one(site, http):
    fields = {"FunctionName": "hello", "Qualifier": "", "ClientContext": "", "LogType": "", "Namespace": "",
              "Region": "", "InvocationType": "", "RoutingKey": ""}
    for response in (http.post(f"{site.url}/invoke", data=fields, headers=JSON),
                     http.post(f"{site.url}/invoke", json=fields)):
        assert response.json()["Response"]["Result"]["RetMsg"] == "hello from scf"


def test_a_file_field_without_a_file_is_an_absent_one(site, http):
    """As browsers send the page's form: a text field and a file field of the same name, one of them empty."""
    text, no_file, file = ("ClientContext", (None, '"text"')), ("ClientContext", ("", b"")), ("ClientContext", ("e.json", b'"file"'))
    for parts, expected in (([text, no_file], '"text"'), ([("ClientContext", (None, "")), file], '"file"')):
        response = http.post(f"{site.url}/invoke", files=[("FunctionName", (None, "echo")), *parts], headers=JSON)
        assert response.json()["Response"]["Result"]["RetMsg"] == expected


def test_the_log_comes_with_LogType_Tail_and_has_at_most_4_KB(site, http):
    fields = {"FunctionName": "log", "ClientContext": '{"lines": 1000}'}
    without = http.post(f"{site.url}/invoke", json=fields).json()["Response"]["Result"]
    with_log = http.post(f"{site.url}/invoke", json=fields | {"LogType": "Tail"}).json()["Response"]["Result"]
    assert without["Log"] == ""
    assert "1000" in with_log["Log"]
    assert len(with_log["Log"].encode()) <= 4096


def test_an_event_call_answers_at_once_and_without_a_result(site, http):
    response = http.post(f"{site.url}/invoke", json={
        "FunctionName": "sleep", "ClientContext": '{"seconds": 2}', "InvocationType": "Event"})
    result = response.json()["Response"]["Result"]
    assert response.elapsed.total_seconds() < 1.5
    assert result["FunctionRequestId"]
    assert (result["RetMsg"], result["Log"], result["ErrMsg"], result["Duration"]) == ("", "", "", 0)


@pytest.mark.parametrize("html", [True, False], ids=["html", "json"])
def test_a_function_that_fails_was_relayed_all_the_same(site, http, html):
    response = http.post(f"{site.url}/invoke", json={"FunctionName": "fail"}, headers=HTML if html else JSON)
    assert response.status_code == 200
    if html:
        assert_is_html(response)
        assert "this function always fails" in response.text
    else:
        result = assert_is_json(response)["Result"]
        assert result["InvokeResult"] != 0
        assert "this function always fails" in result["ErrMsg"]


def test_a_json_null_is_an_absent_event(site, http):
    call = {"FunctionName": "echo", "ClientContext": None}
    absent = http.post(f"{site.url}/invoke", json={"FunctionName": "echo"})
    assert absent.status_code == 200
    assert result_of(http.post(f"{site.url}/invoke", json=call))["RetMsg"] == result_of(absent)["RetMsg"]
    # As text it is an event.
    assert result_of(http.post(f"{site.url}/invoke", json=call | {"ClientContext": "null"}))["RetMsg"] == "null"


def result_of(answer):
    return answer.json()["Response"]["Result"]
