"""The relay behind Apache, lighttpd and Caddy, with the configurations of docs/web-servers.md.

A server that is neither installed nor unpacked by script/test --long is skipped by name: apt-get install apache2 lighttpd caddy.
"""

import json
import tempfile

import pytest

import cloud_doors
import routes
from cloud_doors import SIGNATURES, Door
from pages import HTML, JSON, SECURITY_HEADERS, assert_is_failure, assert_is_html
from test_restart import HeldSocket, restart_under_load
from web_servers import SERVERS


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def server(request, api_site, tmp_path_factory):
    skip_where_missing(request.param)
    running = request.param(tmp_path_factory.mktemp(request.param.name), api_site.relay_socket, api_site.api_socket)
    yield running
    running.stop()


def skip_where_missing(kind):
    if kind.path() is None:
        pytest.skip(f"{kind.name} is not installed")


# A document of a megabyte in all kinds of bytes, with a number that no parser keeps as it is.
DOCUMENT = json.dumps({"n": 0, "text": "广州 é \\ \" " * 60_000}, ensure_ascii=False).replace('"n": 0', '"n": 12345678901234567890.10e+02')
assert 900_000 < len(DOCUMENT.encode()) <= 1_048_576


@pytest.mark.parametrize(("language", "page"), [("en", '<html lang="en">'), ("zh-CN,zh;q=0.9,en;q=0.8", '<html lang="zh">')])
def test_the_page_comes_in_the_readers_language_and_safe(server, http, language, page):
    response = http.get(server.url, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert page in response.text
    for name, start in SECURITY_HEADERS.items():
        assert response.headers[name].startswith(start), name


def test_the_pages_scripts_are_scripts(server, http):
    response = http.get(f"{server.url}/js/page.js")
    assert response.status_code == 200
    assert "javascript" in response.headers["Content-Type"]


def test_every_route_reaches_the_relay(server, api_site, http):
    routes.assert_all_reach_the_relay(server.url, api_site.relay_socket, http)


@pytest.mark.parametrize("as_form", [True, False], ids=["form", "json"])
def test_a_megabyte_goes_in_and_comes_out_byte_for_byte(server, http, as_form):
    fields = {"FunctionName": "echo", "ClientContext": DOCUMENT}
    response = http.post(f"{server.url}/invoke", headers=JSON, **({"data": fields} if as_form else {"json": fields}))
    assert response.status_code == 200, response.text[:500]
    assert response.json()["Response"]["Result"]["RetMsg"] == DOCUMENT


def test_a_chunked_body_comes_whole_or_is_refused_as_such(server, http):
    body = json.dumps({"FunctionName": "echo", "ClientContext": '{"a": "' + "x" * 100_000 + '"}'}).encode()
    pieces = (body[start:start + 10_000] for start in range(0, len(body), 10_000))
    response = http.post(f"{server.url}/invoke", data=pieces, headers={"Content-Type": "application/json"})
    assert response.status_code == (200 if server.takes_chunked else 411)


@pytest.mark.parametrize("html", [True, False], ids=["html", "json"])
def test_a_body_over_the_limit_is_413_in_the_callers_format(server, http, html):
    response = http.post(
        f"{server.url}/invoke", data=b"x" * 4_194_305,
        headers={"Content-Type": "application/x-www-form-urlencoded"} | (HTML if html else JSON))
    assert response.status_code == 413
    if html:
        assert_is_html(response)
    else:
        assert_is_failure(response, 413, "RequestSizeLimitExceeded", html)


def test_the_relays_own_errors_pass_through(server, http):
    wrong = http.post(f"{server.url}/invoke", json={"FunctionName": "echo", "ClientContext": '{"a": 1,}'})
    assert_is_failure(wrong, 400, "InvalidParameterValue.Param", False)
    assert "line 1, column 9" in wrong.json()["Response"]["Error"]["Message"]
    assert http.get(f"{server.url}/invoke").status_code == 405
    assert http.post(f"{server.url}/hooks/nobody", json={}).status_code == 404


def test_what_another_site_sends_is_refused(server, http):
    form = {"FunctionName": "hello"}
    own = http.post(f"{server.url}/invoke", data=form, headers=JSON | {"Origin": server.url})
    assert own.status_code == 200
    other = http.post(f"{server.url}/invoke", data=form, headers=JSON | {"Origin": "https://evil.example"})
    assert other.status_code == 403


def test_a_page_whose_name_was_led_here_runs_nothing_and_reads_nothing(server, api_site, http):
    name = f"evil.example:{server.port}"
    rebound = JSON | {"Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
    answer = http.post(f"{server.url}/invoke", data={"FunctionName": "hello"}, headers=rebound)
    assert answer.status_code == (200 if server.name == "Caddy" else 403 if server.name == "lighttpd" else 421)
    assert "RetMsg" not in answer.text
    assert "Functions" not in http.get(f"{server.url}/functions", headers=rebound).text
    assert "<form" not in http.get(server.url, headers=rebound).text
    assert "X-Request-Id" not in answer.headers, "the relay has answered"


def test_a_client_does_not_choose_the_relays_proxy(server, http):
    response = http.post(f"{server.url}/invoke", json={"FunctionName": "hello"}, headers={"Proxy": "http://127.0.0.1:1"})
    assert response.status_code == 200


@pytest.mark.parametrize(("signature", "method"), SIGNATURES)
def test_the_sdk_calls_with_every_kind_of_signature(server, api_site, signature, method):
    door = Door("scf-relay", server.api_port, api_site.everything)
    event = '{"city": "广州", "sum": "1+1=2 & more"}'
    answer = cloud_doors.invoke(cloud_doors.client(door, signature, method), FunctionName="echo", event=event)
    assert answer.Result.RetMsg == event


def test_a_GET_comes_through_up_to_the_size_that_the_page_says(server, api_site):
    door = Door("scf-relay", server.api_port, api_site.everything)
    # The document in the query, and some 200 bytes around it.
    event = '"' + "x" * (server.query_bytes - 500) + '"'
    answer = cloud_doors.invoke(cloud_doors.client(door, method="GET"), FunctionName="echo", event=event)
    assert answer.Result.RetMsg == event


@pytest.mark.parametrize("kind", SERVERS, ids=lambda server: server.name)
def test_restarts_under_load_lose_no_request(kind, upstream, tmp_path):
    skip_where_missing(kind)
    # Not in pytest's folder, which is closed to Apache's workers.
    with tempfile.TemporaryDirectory(prefix="scf-relay.") as folder:
        held = HeldSocket(f"{folder}/held.sock")
        running = kind(tmp_path, held.path, held.path)
        try:
            restart_under_load(running.url, held, upstream, tmp_path / "relay", times=3)
        finally:
            running.stop()
            held.listener.close()
