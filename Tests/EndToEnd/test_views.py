"""The page's other views, and what all views have in common, in a real browser."""

import json
import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SEARCHED = ["/functions", "/errors"]
STATES = ["/", *SEARCHED, "/signature", "/run?FunctionName=echo&Region=ap-shanghai&RoutingKey={}", "/errors?q=nothing+of+the+kind", "/functions?q=nothing+of+the+kind"]
HOSTILE = [
    "<img src=x onerror=document.title=1>",
    "\"'></textarea></pre></script><script>document.title=1</script>",
    "\u0600<svg onload=document.title=1>\u0301",
    "javascript:document.title=1",
    "{{s.heading}}${1+1}",
]
both = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


# All views


@both
def test_navigation_leads_to_every_view_and_says_where_one_is(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    navigation = page.get_by_role("navigation")
    names = navigation.get_by_role("link").all_text_contents()
    assert len(names) >= 3
    for name in names:
        navigation.get_by_role("link", name=name, exact=True).click()
        expect(navigation.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        expect(page.locator("h1")).to_be_visible()
        expect(page).to_have_title(re.compile(r" · scf-relay$"))


@both
@pytest.mark.parametrize("path", SEARCHED)
def test_the_language_is_kept_from_view_to_view_and_the_switch_keeps_the_search(open_page, path, scripts):
    page = open_page(f"{path}?q=echo", java_script_enabled=scripts)
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#q")).to_have_value("echo")
    page.locator(".brand").click()
    expect(page.locator("h1")).to_have_text("运行函数")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("path", STATES)
def test_axe_finds_nothing_in_any_view(open_page, path, locale, scheme):
    page = open_page(path, locale=locale, color_scheme=scheme)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["list of functions", "code", "documentation"])
def test_axe_finds_nothing_in_what_opens(open_page, state, scheme):
    page = open_page(color_scheme=scheme)
    if state == "list of functions":
        page.locator("#FunctionName").click()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option").first).to_be_visible()
    elif state == "code":
        page.locator("#FunctionName").fill("echo")
        page.locator("#as-code").click()
        expect(page.get_by_role("tab").first).to_be_visible()
    else:
        for summary in page.locator("summary").all():
            summary.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", STATES)
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_no_view_scrolls_sideways(open_page, path, width, locale):
    page = open_page(path, viewport={"width": width, "height": 700}, locale=locale)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if path == "/":
        page.locator("#FunctionName").fill("echo")
        page.locator("#ClientContext").fill(json.dumps({"long": "x" * 500}))
        page.locator("#as-code").click()
        expect(page.get_by_role("tab").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", STATES)
def test_targets_of_every_view_are_large_enough(open_page, path):
    page = open_page(path, viewport={"width": 360, "height": 700})
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=checkbox]), label:has([type=checkbox]), summary")]
            .filter((element) => element.checkVisibility() && !element.matches(".skip"))
            .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
    )
    assert small == []


@both
@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", ["/errors?q=", "/functions?q=", "/run?FunctionName=", "/run?ClientContext=", "/run?Qualifier=", "/nothing?"])
def test_markup_in_an_address_stays_text(open_page, http, path, hostile, scripts):
    page = open_page("/", java_script_enabled=scripts)
    page.goto(path + quote(hostile))
    assert page.title() != "1"
    assert page.locator("img:not(header img), svg, main script").count() == 0


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_from_the_cloud_stays_text(open_page, hostile):
    page = open_page("/errors")
    answer = {"Response": {"Result": {"RetMsg": json.dumps([hostile]), "Log": hostile, "ErrMsg": hostile, "FunctionRequestId": hostile,
                                      "Duration": 1, "BillDuration": 1, "MemUsage": 1, "InvokeResult": 1}, "RequestId": hostile}}
    error = {"Response": {"Error": {"Code": hostile, "Message": hostile}, "RequestId": hostile}}
    functions = {"Functions": [{"FunctionName": "hello", "Namespace": hostile, "Description": hostile, "Runtime": hostile, "Status": hostile}]}
    code = {"Code": [{"Language": "python", "Title": hostile, "File": hostile, "Text": hostile}], "EventFile": hostile}
    answers = [answer, error]

    def fulfill(route, body, status=200):
        route.fulfill(status=status, body=json.dumps(body), headers={"Content-Type": "application/json"})

    page.route("**/invoke", lambda route: fulfill(route, answers.pop(0)))
    page.route("**/functions", lambda route: fulfill(route, functions))
    page.route("**/code", lambda route: fulfill(route, code))
    page.goto("/")
    page.locator("#FunctionName").click()
    expect(page.get_by_role("option")).to_contain_text(hostile)
    page.get_by_role("option").click()
    expect(page.locator("#FunctionName-chosen")).to_contain_text(hostile)
    page.locator("#Namespace").fill("")
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="failed"] [data-part="Log"] pre')).to_have_text(hostile)
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="error"] [data-part="Message"]')).to_have_text(hostile)
    page.locator("#as-code").click()
    expect(page.locator('.outcome[data-state="code"] pre')).to_have_text(hostile)
    assert page.title() != "1"
    assert page.locator("#result img, #result svg, #result script, form img, form svg").count() == 0


# Error codes


@both
def test_error_codes_are_searched(open_page, scripts):
    page = open_page("/errors", java_script_enabled=scripts)
    shown = page.locator("#codes li:visible")
    assert shown.count() > 50
    page.get_by_role("searchbox").fill("resourcenotfound function")
    page.keyboard.press("Enter")
    expect(page.locator("[id='ResourceNotFound.FunctionName']")).to_be_visible()
    expect(page.locator("[id='InternalError']")).to_be_hidden()
    assert 0 < shown.count() < 10
    expect(page.locator("#found")).to_have_text(re.compile(rf"^{shown.count()} of \d+ codes$"))
    assert "q=resourcenotfound" in page.url
    page.reload()
    expect(page.locator("[id='InternalError']")).to_be_hidden()


@both
@pytest.mark.parametrize(("locale", "meaning", "advice"), [
    ("en-US", "The number of requests exceeds the frequency limit.", "Wait a second or two and try again"),
    ("zh-CN", "请求的次数超过了频率限制。", "请等一两秒再试")])
def test_an_error_code_has_its_meaning_and_advice_and_is_found_by_them(open_page, scripts, locale, meaning, advice):
    page = open_page("/errors", java_script_enabled=scripts, locale=locale)
    for words in meaning, advice:
        page.get_by_role("searchbox").fill(words)
        page.keyboard.press("Enter")
        found = page.locator("[id='RequestLimitExceeded']")
        expect(found).to_be_visible()
        expect(page.locator("[id='ResourceNotFound.FunctionName']")).to_be_hidden()
        expect(found).to_contain_text(meaning)
        expect(found).to_contain_text(advice)


def test_script_and_server_find_the_same_codes(open_page):
    searches = ["quota", "RequestLimit", "internal error", "the function", "资源", "  ", "zzz", "HTTP"]
    with_script = open_page("/errors")
    without = open_page("/errors", java_script_enabled=False)
    for text in searches:
        with_script.get_by_role("searchbox").fill(text)
        without.get_by_role("searchbox").fill(text)
        with without.expect_navigation():
            without.keyboard.press("Enter")
        found = [page.locator("#codes li:not([hidden])").evaluate_all("items => items.map((item) => item.id)")
                 for page in (with_script, without)]
        assert found[0] == found[1], text


def test_the_keyboard_walks_through_error_codes(open_page):
    page = open_page("/errors")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("AuthFailure.Sign")
    page.keyboard.press("ArrowDown")
    first = page.locator("#codes li:visible a").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#" + first.text_content())
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert page.locator("#codes li:visible").count() > 50


# Functions


def test_a_slash_leads_to_the_search_of_functions(open_page):
    page = open_page("/functions")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


@both
def test_a_function_is_found_and_its_form_filled_in(open_page, scripts):
    page = open_page("/functions", java_script_enabled=scripts)
    page.get_by_role("searchbox").fill("ECHO")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="echo").locator(".badge").last).to_have_text(re.compile("Python|Node"))
    page.get_by_role("link", name="echo", exact=True).click()
    expect(page.locator("#FunctionName")).to_have_value("echo")
    page.locator("#ClientContext").fill("[1]")
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="success"]')).to_be_visible()


def test_an_address_of_a_call_wins_over_what_the_tab_remembers(open_page):
    page = open_page()
    page.locator("#FunctionName").fill("hello")
    page.goto('/run?FunctionName=echo&ClientContext={"a":1}&LogType=Tail')
    expect(page.locator("#FunctionName")).to_have_value("echo")
    expect(page.locator("#ClientContext")).to_have_value('{"a":1}')
    expect(page.locator("#ClientContext-check")).to_have_text("Valid JSON")


def test_the_cloud_tells_what_the_list_does_not(api_site, http):
    listed = http.get(f"{api_site.site.url}/functions").json()["Functions"]
    assert [one["FunctionName"] for one in listed] == list(api_site.functions), "the list alone, in its order"
    known = {one["FunctionName"]: one for one in listed}
    assert known["echo"]["Runtime"] and known["echo"]["Status"] == "Active" and known["echo"]["Description"]
    assert known["deleted-yesterday"]["Status"] == "Missing"
