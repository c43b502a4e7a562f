"""HTML or JSON, and in which language."""

import pytest

from pages import assert_is_html, assert_is_json

FORM, JSON_BODY = "application/x-www-form-urlencoded", "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

CASES = [
    # Accept, Content-Type, what comes
    (None, FORM, "html"),
    (None, JSON_BODY, "json"),
    ("*/*", FORM, "html"),
    ("*/*", JSON_BODY, "json"),
    (BROWSER, FORM, "html"),
    (BROWSER, JSON_BODY, "html"),
    ("application/json", FORM, "json"),
    ("text/html", JSON_BODY, "html"),
    ("Text/HTML", JSON_BODY, "html"),
    ("text/*", JSON_BODY, "html"),
    ("application/*", FORM, "json"),
    ("text/html;q=0.5, application/json", FORM, "json"),
    ("application/json;q=0.3, text/html;q=0.9", JSON_BODY, "html"),
    ("application/json ; q=0.30 ,text/html; q=0.299", JSON_BODY, "json"),
    ("text/html;q=0, */*", FORM, "json"),
    ("application/json;q=0, */*;q=0.1", JSON_BODY, "html"),
    ("text/html;level=1, application/json;q=0.9", JSON_BODY, "html"),
    ("image/png", FORM, "html"),
    ("image/png", JSON_BODY, "json"),
    ("", FORM, "html"),
    (";;q=,,", JSON_BODY, "json"),
]


@pytest.mark.parametrize("accept, content_type, expected", CASES)
def test_the_format_follows_Accept_and_then_the_kind_of_body(site, http, accept, content_type, expected):
    body = "FunctionName=hello" if content_type == FORM else '{"FunctionName":"hello"}'
    response = http.post(f"{site.url}/invoke", data=body, headers={"Accept": accept, "Content-Type": content_type})
    assert response.status_code == 200
    assert_is_html(response) if expected == "html" else assert_is_json(response)


@pytest.mark.parametrize("accept, content_type, expected", CASES)
def test_an_error_has_the_same_format_as_the_answer_would_have(site, http, accept, content_type, expected):
    body = "FunctionName=" if content_type == FORM else '{"FunctionName":""}'
    response = http.post(f"{site.url}/invoke", data=body, headers={"Accept": accept, "Content-Type": content_type})
    assert response.status_code == 400
    assert_is_html(response) if expected == "html" else assert_is_json(response)


@pytest.mark.parametrize("accept, content_type, expected", [case for case in CASES if case[0] in (
    None, "*/*", BROWSER, "application/json", "text/html", "Text/HTML", "text/html;q=0.5, application/json")])
def test_nginx_follows_the_same_rule_for_its_own_errors_in_what_clients_really_send(site, http, accept, content_type, expected):
    response = http.post(f"{site.url}/invoke", data=b"x" * (4 * 1_048_576 + 1),
                         headers={"Accept": accept, "Content-Type": content_type})
    assert response.status_code == 413
    assert_is_html(response) if expected == "html" else assert_is_json(response)


@pytest.mark.parametrize("accept_language, language", [
    (None, "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"), ("zh", "zh"), ("fr, de", "en"),
    ("zh-TW", "zh"),
])
def test_page_and_answers_speak_the_readers_language(site, http, accept_language, language):
    headers = {"Accept-Language": accept_language, "Accept": "text/html"}
    assert_is_html(http.get(f"{site.url}/", headers=headers), language)
    for name in ("hello", "no-such-name"):
        assert_is_html(http.post(f"{site.url}/invoke", data={"FunctionName": name}, headers=headers), language)


@pytest.mark.parametrize("path", ["/", "/invoke"])
@pytest.mark.parametrize("query, cookie, accept_language, language", [
    ("", "lang=zh", "en", "zh"), ("", "lang=en", "zh", "en"), ("", "a=b; lang=zh", None, "zh"),
    ("?lang=zh", None, "en", "zh"), ("?lang=en", "lang=zh", "zh", "en"), ("?lang=fr", "lang=zh", "en", "zh"),
    ("?lang=fr", "lang=fr", "zh", "zh"),
])
def test_the_address_wins_then_the_cookie(site, http, path, query, cookie, accept_language, language):
    headers = {"Accept-Language": accept_language, "Accept": "text/html", "Cookie": cookie}
    send = http.get if path == "/" else http.post
    response = send(f"{site.url}{path}{query}", headers=headers, **({} if path == "/" else {"data": {"FunctionName": "hello"}}))
    assert_is_html(response, language)
    assert "Cookie" in response.headers["Vary"]


def test_only_following_the_switch_sets_the_cookie(site, http):
    for language in ("zh", "en"):
        cookie = http.get(f"{site.url}/?lang={language}").headers["Set-Cookie"]
        assert cookie.startswith(f"lang={language}; Path=/; Max-Age=31536000")
    assert "Set-Cookie" not in http.get(f"{site.url}/").headers
    assert "Set-Cookie" not in http.get(f"{site.url}/?lang=fr").headers
    assert "Set-Cookie" not in http.post(f"{site.url}/invoke?lang=zh", data={"FunctionName": "hello"}).headers
