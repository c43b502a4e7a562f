"""The page, in a real browser, against the real server: with JavaScript and without."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LIMIT = 1_048_576
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_FUNCTION_OF_OURS = "no-such-function"
# As if the page's script had come too late for the first call.
SEND_WITHOUT_SCRIPT = "HTMLFormElement.prototype.submit.call(document.querySelector('#form'))"


def run(page, function, event=None, log=False, start_only=False):
    """Fills the form and presses Run."""
    page.get_by_label("FunctionName").fill(function)
    if event is not None:
        page.locator("#ClientContext").fill(event)
    if log:
        page.get_by_role("radio", name="Tail").check(force=True)
    if start_only:
        page.get_by_role("radio", name="Event", exact=False).last.check(force=True)
    page.locator("#run").click()


def outcome(page, state):
    """The card with the answer, once it is there."""
    card = page.locator(f'.outcome[data-state="{state}"]')
    expect(card).to_be_visible()
    return card


def part(card, name):
    return card.locator(f'[data-part="{name}"]')


def returned(card):
    return part(card, "RetMsg").locator("pre").first


both = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


# Running a function


@both
def test_hello_shows_its_result(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, "hello")
    card = outcome(page, "success")
    expect(returned(card)).to_contain_text("hello from scf")
    expect(part(card, "FunctionName").first).to_have_text("hello")
    expect(part(card, "Duration")).to_have_text(re.compile(r"^[\d.]+ (ms|s)$"))
    expect(part(card, "BillDuration")).to_have_text(re.compile(r"^[\d.]+ (ms|s)$"))
    expect(part(card, "MemUsage")).to_have_text(re.compile(r"^[\d.]+ (KB|MB)$"))
    assert re.fullmatch(r"[\d,]+ bytes", part(card, "MemUsage").get_attribute("title"))
    expect(part(card, "FunctionRequestId")).to_have_text(UUID)
    expect(part(card, "RequestId")).to_have_text(UUID)
    expect(part(card, "httpStatus")).to_have_text("200")


@both
def test_json_is_shown_pretty_and_as_returned(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, "echo", '{"n":12345678901234567890.10e+02,"城":"上海 🚚"}')
    card = outcome(page, "success")
    pretty = '{\n  "n": 12345678901234567890.10e+02,\n  "城": "上海 🚚"\n}'
    assert returned(card).text_content() == pretty
    if scripts:
        card.get_by_role("button", name="Raw").click()
        raw = returned(card)
    else:
        card.get_by_text("As returned").click()
        raw = card.locator("pre.text")
    assert raw.text_content() == '{"n":12345678901234567890.10e+02,"城":"上海 🚚"}'


@both
def test_a_function_that_fails_shows_its_stack(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, "fail", "{}")
    card = outcome(page, "failed")
    expect(part(card, "title")).to_have_text("Function failed")
    expect(card).to_contain_text("Traceback (most recent call last)")
    expect(part(card, "httpStatus")).to_have_text("200")


@both
def test_the_log_is_shown_where_it_was_asked_for(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, "log", '{"lines": 3}', log=True)
    card = outcome(page, "success")
    expect(part(card, "Log").locator("pre")).not_to_be_empty()
    page.get_by_role("radio", name="None").check(force=True)
    page.locator("#run").click()
    expect(part(outcome(page, "success"), "Log")).to_have_count(0)


@both
def test_an_event_call_is_accepted(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, "hello", start_only=True)
    card = outcome(page, "accepted")
    expect(part(card, "FunctionRequestId")).to_have_text(UUID)
    expect(part(card, "RetMsg")).to_have_count(0)
    expect(part(card, "figures")).to_have_count(0)


@both
def test_an_unknown_function_shows_what_to_do(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    run(page, NO_FUNCTION_OF_OURS)
    card = outcome(page, "error")
    expect(part(card, "Code")).to_have_text(re.compile(r"^(UnauthorizedOperation\.CAM|ResourceNotFound\.FunctionName)$"))
    expect(part(card, "httpStatus")).to_have_text(re.compile(r"^40[34]$"))
    expect(part(card, "Message")).not_to_be_empty()
    expect(part(card, "meaning")).not_to_be_empty()
    expect(part(card, "advice-text")).not_to_be_empty()
    expect(part(card, "RequestId")).not_to_be_empty()


@both
@pytest.mark.parametrize(
    "hostile",
    [
        '"<img src=x onerror=document.title=1>"',
        '"</pre></textarea><script>document.title=1</script>"',
        # A combining mark makes one grapheme of itself and its neighbour: escaping has to look at code points.
        '"\u0600<script>document.title=1</script>\\"\u0301 onfocus=document.title=1 \u0600<b id=x>"',
    ],
)
def test_markup_in_the_result_and_in_the_form_stays_text(open_page, scripts, hostile):
    page = open_page(java_script_enabled=scripts)
    run(page, "echo", hostile)
    card = outcome(page, "success")
    assert returned(card).text_content() == hostile
    assert page.locator("#ClientContext").input_value() == hostile
    assert page.locator("#result img, #result script, #result b, form script, form b").count() == 0
    assert page.title() != "1"


# Without JavaScript


def test_without_javascript_the_form_keeps_what_was_sent(page_without_javascript):
    page = page_without_javascript
    page.locator("details.options > summary").click()
    page.locator("#Namespace").fill("default")
    run(page, "echo", '{"a":\n 1}', log=True)
    outcome(page, "success")
    assert page.locator("#FunctionName").input_value() == "echo"
    assert page.locator("#ClientContext").input_value() == '{"a":\n 1}'
    assert page.locator("#Namespace").input_value() == "default"
    assert page.get_by_role("radio", name="Tail").is_checked()
    expect(page.locator("#Namespace")).to_be_visible()


def test_without_javascript_a_file_is_the_event(page_without_javascript, tmp_path):
    event = tmp_path / "event.json"
    event.write_text('{"from": "a file", "城": "上海"}', encoding="utf-8")
    page = page_without_javascript
    page.locator("#ClientContext-file").set_input_files(event)
    run(page, "echo")
    expect(returned(outcome(page, "success"))).to_contain_text('"城": "上海"')


def test_without_javascript_a_json_error_names_its_place(page_without_javascript):
    run(page_without_javascript, "echo", '{"a": 1,}')
    card = outcome(page_without_javascript, "error")
    expect(part(card, "Code")).to_have_text("InvalidParameterValue.Param")
    expect(part(card, "Message")).to_contain_text("line 1, column 9")


def test_without_javascript_the_chosen_language_stays(open_page):
    page = open_page("/?lang=zh", java_script_enabled=False)
    page.locator("#FunctionName").fill("hello")
    page.locator("#run").click()
    expect(part(outcome(page, "success"), "title")).to_have_text("成功")


def test_what_needs_javascript_is_hidden_without_it(page_without_javascript):
    for name in ("#format", "#load", "#bytes-meter"):
        expect(page_without_javascript.locator(name)).to_be_hidden()
    expect(page_without_javascript.locator("#ClientContext-file")).to_be_visible()


# The event: check, count, format, files


@pytest.mark.parametrize(
    "text",
    ['{\n  "a": 1,\n  "count": 3 x\n}', "[1,]", '{"a" 1}', '"\\x"', '["上海 🚚🚚", x]', "01", '{"a":1}}', "nul", "'a'"],
)
def test_the_live_check_says_what_the_server_says(page, http, site, text):
    page.locator("#ClientContext").fill(text)
    check = page.locator("#ClientContext-check")
    expect(check).to_have_text(re.compile(r"^line \d+, column \d+: expected .+, found .+$"))
    expect(page.locator("#ClientContext")).to_have_attribute("aria-invalid", "true")
    answer = http.post(
        site.url + "/invoke",
        data={"FunctionName": "echo", "ClientContext": text},
        headers={"Accept": "application/json"},
    )
    error = answer.json()["Response"]["Error"]
    assert answer.status_code == 400
    assert error["Code"] == "InvalidParameterValue.Param"
    assert check.text_content() in error["Message"]


def test_an_event_that_is_not_json_is_not_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    run(page, "echo", '{"a": 1,\n "b" 2}')
    area = page.locator("#ClientContext")
    expect(area).to_be_focused()
    assert area.evaluate("area => area.selectionStart") == 14
    expect(page.locator("#announcement")).to_contain_text("line 2, column 6")
    assert not any("/invoke" in url for url in sent)


def test_the_byte_count_knows_the_limit(page):
    area = page.locator("#ClientContext")
    count = page.locator("#bytes-text")
    area.fill('"' + "上" * 10 + '"')
    expect(count).to_have_text("32 of 1,048,576 bytes")
    area.fill('"' + "x" * (LIMIT - 2) + '"')
    expect(count).to_have_text("1,048,576 of 1,048,576 bytes")
    expect(area).to_have_attribute("aria-invalid", "false")
    area.fill('"' + "x" * (LIMIT - 1) + '"')
    expect(count).to_have_text("1,048,577 bytes: more than 1,048,576")
    expect(area).to_have_attribute("aria-invalid", "true")


def test_a_megabyte_goes_there_and_back(page):
    event = '"' + "上" * ((LIMIT - 2) // 3) + "xx"[: (LIMIT - 2) % 3] + '"'
    run(page, "echo", event)
    card = outcome(page, "success")
    card.get_by_role("button", name="Show all 1 MB").click()
    assert returned(card).text_content() == event


def test_typing_stays_fluent_with_a_megabyte(page):
    page.locator("#ClientContext").fill("[" + '"0123456789",' * 80_000 + "0]")
    expect(page.locator("#ClientContext-check")).to_have_text("Valid JSON")
    milliseconds = page.evaluate(
        """async () => {
            const { checkJSON } = await import("/js/json-check.js");
            const started = performance.now();
            checkJSON(document.querySelector("#ClientContext").value);
            return performance.now() - started;
        }"""
    )
    assert milliseconds < 300, "one check of 1 MB"


def test_format_keeps_numbers_and_strings(page):
    page.locator("#ClientContext").fill('{"n":12345678901234567890.10e+02,"z":-0.0,"u":"\\u4e2d\\/"}')
    page.locator("#format").click()
    formatted = '{\n  "n": 12345678901234567890.10e+02,\n  "z": -0.0,\n  "u": "\\u4e2d\\/"\n}'
    assert page.locator("#ClientContext").input_value() == formatted


def test_a_file_is_loaded(page, tmp_path):
    event = tmp_path / "event.json"
    event.write_text('{"city": "上海"}', encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.locator("#load").click()
    chooser.value.set_files(event)
    expect(page.locator("#ClientContext-check")).to_have_text("Valid JSON")
    assert page.locator("#ClientContext").input_value() == '{"city": "上海"}'


@pytest.mark.parametrize(
    "content, told",
    [(b'"\xff"', "it is not UTF-8 text"), (b" " * (LIMIT + 1), "it has 1,048,577 bytes, more than 1,048,576")],
)
def test_a_file_that_cannot_be_an_event_is_refused(page, tmp_path, content, told):
    event = tmp_path / "event.bin"
    event.write_bytes(content)
    page.clock.install()
    page.locator("#ClientContext").fill("1")
    page.locator("#ClientContext-file").set_input_files(event)
    expect(page.locator("#ClientContext-check")).to_contain_text(told)
    # The check of what was typed before comes late, and must not take the place of that.
    page.clock.run_for(5_000)
    expect(page.locator("#ClientContext-check")).to_contain_text(told)
    assert page.locator("#ClientContext").input_value() == "1"


# Running in place


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_a_shortcut_runs(page, keys):
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill("[1]")
    page.locator("#ClientContext").press(keys)
    expect(returned(outcome(page, "success"))).to_contain_text("1")
    assert page.url.endswith("/"), "the page stays"


def test_a_run_can_be_cancelled(page):
    run(page, "sleep", '{"seconds": 2}')
    running = outcome(page, "running")
    expect(part(running, "elapsed")).to_have_text(re.compile(r"^0\.[2-9] s$"))
    running.get_by_role("button", name="Cancel").click()
    card = outcome(page, "error")
    expect(part(card, "title")).to_have_text("Cancelled")
    expect(card).to_contain_text("The function may go on running")
    expect(page.locator("#outcome-title")).to_be_focused()


def test_while_one_call_runs_no_second_is_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    run(page, "sleep", '{"seconds": 1}')
    outcome(page, "running")
    page.locator("#ClientContext").press("Control+Enter")
    outcome(page, "success")
    assert sum("/invoke" in url for url in sent) == 1


def test_a_lost_connection_is_told(page):
    page.context.set_offline(True)
    run(page, "hello")
    card = outcome(page, "error")
    expect(part(card, "title")).to_have_text("No answer")
    expect(part(card, "advice-text")).to_contain_text("The function may have run all the same")
    # The browser notes it too.
    assert [problem for problem in page.problems if "ERR_INTERNET_DISCONNECTED" not in problem] == []
    page.problems.clear()


def test_an_answer_that_is_not_the_relays_is_told(page, site):
    # What a wrong address or a proxy in between would answer: the real web server's page for an unknown address.
    page.route("**/invoke", lambda route: route.continue_(url=site.url + "/no-such-page", method="GET", post_data=None))
    run(page, "hello")
    card = outcome(page, "error")
    expect(part(card, "Message")).to_contain_text("HTTP 404")
    expect(part(card, "advice-text")).not_to_be_empty()


def test_functions_are_suggested_with_what_they_do(page):
    field = page.get_by_role("combobox", name="FunctionName")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.click()
    names = page.locator("#functions [role=option] > span:first-child").all_text_contents()
    assert {"hello", "echo", "fail", "sleep", "log"} <= set(names)
    page.keyboard.type("ECH")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("echo")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("echo")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#FunctionName-chosen")).to_contain_text("Namespace: default")
    assert page.url.endswith("/"), "Enter took the entry and sent nothing"


@pytest.mark.parametrize("asking", ["click", "ArrowDown", "h"])
def test_whoever_asks_for_functions_before_they_have_come_is_shown_them(open_page, asking):
    page = open_page("/errors")
    held = []
    page.route("**/functions", lambda route: held.append(route))
    with page.expect_request("**/functions"):
        page.goto("/")
    field = page.locator("#FunctionName")
    if asking == "click":
        field.click()
    else:
        field.press(asking)
    expect(page.get_by_role("listbox")).to_be_hidden()
    held[0].continue_()
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_keyboard_leads_to_the_function_and_away(page):
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="FunctionName")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_a_function_is_chosen_with_the_mouse(page):
    page.get_by_role("combobox", name="FunctionName").click()
    page.get_by_role("option").filter(has_text="sleep").click()
    expect(page.get_by_role("combobox", name="FunctionName")).to_have_value("sleep")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_last_event_of_a_function_comes_back_and_is_stored_only_if_asked(page):
    stored = "JSON.stringify({...sessionStorage, ...localStorage})"
    run(page, "echo", '{"secret": 1}')
    outcome(page, "success")
    assert "secret" not in page.evaluate(stored)
    page.locator("#ClientContext").fill("")
    page.locator("#FunctionName").fill("hello")
    expect(page.locator("#last-event")).to_be_hidden()
    page.locator("#FunctionName").fill("echo")
    page.locator("#last-event").click()
    expect(page.locator("#ClientContext")).to_have_value('{"secret": 1}')
    page.get_by_label("Remember events in this browser").check()
    assert "secret" in page.evaluate(stored)
    page.reload()
    page.locator("#last-event").click()
    expect(page.locator("#ClientContext")).to_have_value('{"secret": 1}')
    page.get_by_label("Remember events in this browser").uncheck()
    assert "secret" not in page.evaluate(stored)


def test_regions_are_offered_by_name(open_page):
    page = open_page(locale="zh-CN")
    assert page.locator('#regions option[value="ap-shanghai"]').text_content() == "华东地区（上海）"
    assert page.locator("#Region").get_attribute("list") == "regions"


@both
@pytest.mark.parametrize(("locale", "is_chinese"), [("en-US", False), ("zh-CN", True)])
def test_each_parameter_has_its_documentation_beside_it(open_page, scripts, locale, is_chinese):
    page = open_page(java_script_enabled=scripts, locale=locale)
    page.locator("details.options > summary").click()
    for summary in page.locator("details.about > summary").all():
        summary.click()
        text = summary.locator("xpath=following-sibling::p")
        expect(text).to_be_visible()
        assert bool(re.search("[\u4e00-\u9fff]", text.text_content())) == is_chinese
    assert page.locator("details.about").count() == 8


def test_short_fields_survive_a_reload_and_the_event_does_not(page):
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill('"secret"')
    page.locator("details.options > summary").click()
    page.locator("#Qualifier").fill("$LATEST")
    stored = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert "secret" not in stored
    page.goto("/")
    assert page.locator("#FunctionName").input_value() == "echo"
    assert page.locator("#Qualifier").input_value() == "$LATEST"
    assert page.locator("#ClientContext").input_value() == ""


def test_ids_and_texts_can_be_copied(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    run(page, "echo", "[1,2]")
    card = outcome(page, "success")
    card.get_by_role("button", name="Raw").click()
    card.get_by_role("button", name="Copy RetMsg").click()
    expect(card.get_by_role("button", name="Copy RetMsg")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "[1,2]"
    card.get_by_role("button", name="Copy RequestId").click()
    expect(page.locator("#announcement")).to_have_text("Copied")
    assert UUID.match(page.evaluate("navigator.clipboard.readText()"))


def test_a_page_that_the_server_rendered_works_on_in_place(page):
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill('{"a":1}')
    page.evaluate(SEND_WITHOUT_SCRIPT)
    page.wait_for_url(re.compile("/invoke"))
    card = outcome(page, "success")
    card.get_by_role("button", name="Raw").click()
    assert returned(card).text_content() == '{"a":1}'
    assert page.locator("#ClientContext").input_value() == '{"a":1}'
    run(page, "hello")
    expect(returned(outcome(page, "success"))).to_contain_text("hello from scf")


def test_the_keyboard_alone_is_enough(page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "FunctionName":
            break
    page.keyboard.type("hello")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "run":
            break
    expect(page.locator("#run")).to_be_focused()
    page.keyboard.press("Enter")
    outcome(page, "success")
    expect(page.locator("#outcome-title")).to_be_focused()


# Looks, languages, and access for all


@pytest.mark.parametrize("size", [(360, 640), (1024, 640), (1280, 800)])
def test_the_head_of_the_answer_comes_into_sight(open_page, size):
    page = open_page(viewport={"width": size[0], "height": size[1]})
    run(page, "echo", json.dumps(list(range(200))))
    outcome(page, "success")
    expect(page.locator("#outcome-title")).to_be_in_viewport()
    expect(page.locator("#outcome-title")).to_be_focused()


def test_the_page_speaks_the_readers_language(open_page):
    chinese = open_page(locale="zh-CN")
    expect(chinese.locator("html")).to_have_attribute("lang", "zh")
    run(chinese, NO_FUNCTION_OF_OURS)
    card = outcome(chinese, "error")
    expect(part(card, "title")).to_have_text("错误")
    expect(part(card, "advice-text")).to_have_text(re.compile("[\u4e00-\u9fff]"))


@both
def test_the_language_switch_is_remembered(open_page, scripts):
    page = open_page(locale="zh-CN", java_script_enabled=scripts)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Run a function")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    run(page, "hello")
    expect(part(outcome(page, "success"), "title")).to_have_text("Success")
    page.goto("/?lang=zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_scrolls_sideways(open_page, width):
    page = open_page(viewport={"width": width, "height": 700})
    fits = "document.documentElement.scrollWidth <= innerWidth"
    page.locator("details.options > summary").click()
    assert page.evaluate(fits)
    run(page, "echo", json.dumps({"long": "x" * 500, "city": "上海" * 200}), log=True)
    outcome(page, "success")
    assert page.evaluate(fits)
    run(page, "fail", "{}")
    outcome(page, "failed")
    assert page.evaluate(fits)
    run(page, NO_FUNCTION_OF_OURS)
    outcome(page, "error")
    assert page.evaluate(fits)


def test_targets_are_large_enough_for_a_thumb(open_page):
    page = open_page(viewport={"width": 360, "height": 700})
    page.locator("details.options > summary").click()
    run(page, "echo", "[1,2]", log=True)
    outcome(page, "success")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=checkbox]), label:has([type=checkbox]), textarea, summary")]
            .filter((element) => element.checkVisibility() && !element.matches(".skip"))
            .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("rendered", ["in place", "by the server"])
@pytest.mark.parametrize("state", ["empty", "result", "failed", "error"])
def test_axe_finds_nothing(open_page, state, rendered, locale, scheme):
    page = open_page(locale=locale, color_scheme=scheme)
    page.locator("details.options > summary").click()
    calls = {"result": ("echo", '{"a": [1]}'), "failed": ("fail", "{}"), "error": (NO_FUNCTION_OF_OURS, "")}
    if state != "empty":
        function, event = calls[state]
        page.locator("#FunctionName").fill(function)
        page.locator("#ClientContext").fill(event)
        if rendered == "in place":
            page.locator("#run").click()
        else:
            page.evaluate(SEND_WITHOUT_SCRIPT)
            page.wait_for_url(re.compile("/invoke"))
        outcome(page, {"result": "success"}.get(state, state))
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def test_the_first_load_is_small(chromium, site):
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    loaded, kinds = [], set()
    session.on("Network.responseReceived", lambda event: kinds.add(event["type"]))
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    assert len(loaded) > 5
    assert {"Document", "Stylesheet", "Script", "Fetch", "Image"} <= kinds, "all that the view needs is counted"
    assert sum(loaded) < 60_000
    context.close()
