"""The error table, as far as the caller or the policy causes it: each row in HTML and in JSON."""

import pytest

from pages import HTML, JSON, assert_is_failure

FORMATS = pytest.mark.parametrize("html", [True, False], ids=["html", "json"])

BAD_PARAMETERS = [
    # fields, code, words that the message has
    ({}, "MissingParameter", ["FunctionName"]),
    ({"FunctionName": "hello", "Bogus": "1"}, "UnknownParameter", ["Bogus"]),
    ({"FunctionName": "hello", "InvocationType": "Later"}, "InvalidParameterValue",
     ["InvocationType", "RequestResponse", "Event"]),
    ({"FunctionName": "hello", "LogType": "All"}, "InvalidParameterValue", ["LogType", "Tail"]),
    ({"FunctionName": "9 lives"}, "InvalidParameterValue", ["FunctionName"]),
    ({"FunctionName": "a" * 61}, "InvalidParameterValue", ["FunctionName", "60"]),
    ({"FunctionName": "hello", "RoutingKey": "[]"}, "InvalidParameterValue", ["RoutingKey"]),
    ({"FunctionName": "hello", "RoutingKey": '{"k":"' + "v" * 1024 + '"}'}, "InvalidParameterValue", ["RoutingKey"]),
    ({"FunctionName": "hello", "Region": "../etc"}, "InvalidParameterValue", ["Region"]),
    ({"FunctionName": "hello", "Qualifier": "a\nb"}, "InvalidParameterValue", ["Qualifier"]),
    ({"FunctionName": "hello", "Namespace": "no good"}, "InvalidParameterValue", ["Namespace"]),
    ({"FunctionName": "hello", "ClientContext": '{"a": 1,\n "b" 2}'}, "InvalidParameterValue.Param",
     ["line 2", "column 6"]),
    ({"FunctionName": "hello", "ClientContext": "[1,]"}, "InvalidParameterValue.Param", ["line 1", "column 4"]),
    ({"FunctionName": "hello", "ClientContext": "01"}, "InvalidParameterValue.Param", ["line 1"]),
    ({"FunctionName": "hello", "ClientContext": r'"\ud83d"'}, "InvalidParameterValue.Param", ["line 1"]),
    ({"FunctionName": "hello", "ClientContext": "[" * 5000 + "]" * 5000}, "InvalidParameterValue.Param", []),
]


@FORMATS
@pytest.mark.parametrize("as_form", [True, False], ids=["form", "body"])
@pytest.mark.parametrize("fields, code, words", BAD_PARAMETERS)
def test_a_bad_parameter_is_named(site, http, fields, code, words, as_form, html):
    body = {"data": fields} if as_form else {"json": fields}
    if as_form and not fields:
        body = {"data": "", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    headers = body.pop("headers", {}) | (HTML if html else JSON)
    response = http.post(f"{site.url}/invoke", headers=headers, **body)
    message = assert_is_failure(response, 400, code, html)
    for word in words:
        assert word in message


@FORMATS
@pytest.mark.parametrize("body", ["", "{", "[]", '"FunctionName"', '{"FunctionName":1}', '{"FunctionName":"hello",}',
                                  '{"FunctionName":"hello"}{}', '{"FunctionName":"hello","FunctionName":"echo"}'])
def test_a_body_that_is_no_call_is_refused(site, http, body, html):
    response = http.post(f"{site.url}/invoke", data=body,
                         headers={"Content-Type": "application/json"} | (HTML if html else JSON))
    assert response.status_code == 400, response.text


@FORMATS
@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/jsonx", "", None])
def test_other_kinds_of_bodies_are_not_taken(site, http, content_type, html):
    response = http.post(f"{site.url}/invoke", data=b'{"FunctionName":"hello"}',
                         headers={"Content-Type": content_type} | (HTML if html else JSON))
    message = assert_is_failure(response, 415, "UnsupportedProtocol", html)
    assert "application/json" in message


@FORMATS
@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
], ids=str)
@pytest.mark.parametrize("multipart", [True, False], ids=["multipart", "urlencoded"])
def test_a_form_of_another_site_is_refused(site, http, headers, multipart, html):
    fields = {"FunctionName": "hello"}
    body = {"files": {name: (None, value) for name, value in fields.items()}} if multipart else {"data": fields}
    response = http.post(f"{site.url}/invoke", headers=headers | (HTML if html else JSON), **body)
    assert_is_failure(response, 403, "UnauthorizedOperation", html)


def test_a_form_of_our_own_page_is_taken(site, http):
    for headers in ({"Origin": site.url, "Sec-Fetch-Site": "same-origin"}, {"Origin": site.url},
                    {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
        response = http.post(f"{site.url}/invoke", data={"FunctionName": "hello"}, headers=headers)
        assert response.status_code == 200, headers


@FORMATS
@pytest.mark.parametrize("fields", [{"FunctionName": "secret-job"}, {"FunctionName": "hello", "Namespace": "other"}], ids=str)
def test_what_is_not_on_the_list_may_not_be_called(site, http, fields, html):
    response = http.post(f"{site.url}/invoke", json=fields, headers=HTML if html else JSON)
    assert_is_failure(response, 403, "UnauthorizedOperation.CAM", html)


@FORMATS
def test_a_function_that_is_listed_but_not_in_the_cloud_is_not_found(site, relay, html):
    response = relay(site.local_port, functions=["ghost"]).invoke({"FunctionName": "ghost"}, headers=HTML if html else JSON)
    assert_is_failure(response, 404, "ResourceNotFound.FunctionName", html)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_invoke_takes_posts_only(site, http, method):
    response = http.request(method, f"{site.url}/invoke")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_the_status_line_has_its_reason(site, http):
    """A status line without one has no space behind the number, which RFC 9112 asks for."""
    assert http.post(f"{site.url}/invoke", json={}).reason == "Bad Request"
    assert http.get(f"{site.url}/invoke").reason == "Method Not Allowed"


def test_what_is_in_the_request_is_shown_as_text_never_as_markup(site, http):
    evil = "<img src=x onerror=alert(1)>\"'&"
    for fields in ({"FunctionName": evil}, {"FunctionName": "hello", evil: "1"}, {"FunctionName": "hello", "LogType": evil},
                   {"FunctionName": "echo", "ClientContext": '"' + evil.replace('"', '\\"') + '"'}):
        page = http.post(f"{site.url}/invoke", data=fields, headers=HTML).text
        assert "<img src=x" not in page and "onerror=alert(1)>" not in page


def test_the_list_of_functions_is_what_the_folder_holds(site, http):
    response = http.get(f"{site.url}/functions")
    assert response.headers["Content-Type"] == "application/json"
    text = response.text
    assert all(f'"{name}"' in text for name in ("hello", "echo", "fail", "sleep", "log"))


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered(site, http, path):
    assert http.get(site.url + path).status_code == 200
    assert http.get(site.local_url + path).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/invoke/", "/functions/x", "/.git/config", "/../nginx.conf", "/index.html/"])
def test_there_is_nothing_else(site, http, path):
    response = http.get(site.url + path)
    assert response.status_code in (400, 404)
