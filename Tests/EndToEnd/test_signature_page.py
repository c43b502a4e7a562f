"""The view that explains signatures, in a real browser: its steps are those of the cloud, a key that is typed into it stays
there, and it names the line of a refused request that is wrong."""

import base64
import hmac
import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from signed_request import EXAMPLE, HOST, LOCAL, Signed, utc_date
from wiretap import Wiretap

NASTY_EVENT = '{\n "quotes": "\\"$HOME\\" `id` \'",\n\t"城市": "广州 😀", "markup": "</pre></textarea><b>"\n}\n'
HOSTILE = [
    "<script>document.title = 'owned'</script>", "\"><img src=x onerror=\"document.title='owned'\">",
    "' onfocus='document.title=1' autofocus x='", "</pre></textarea></code></title><svg onload=\"document.title='owned'\">",
    "\u0600<b id=owned>\u0301", "{{s.lang}}{{{s.lang}}}${1+1}", "javascript:document.title='owned'", "--></script><base href=//x>",
]
both = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
languages = pytest.mark.parametrize("locale", ["en-US", "zh-CN"])


# ---- What the page shows ---------------------------------------------------------------------------------------------

def shown(page, name):
    return page.locator(f'#steps [data-part="{name}"]').text_content()


def shown_request(page):
    """The request of the first step: header fields by name, and the body."""
    head, body = page.locator("#steps pre").first.text_content().split("\n\n", 1)
    lines = head.split("\n")
    assert lines[0] == "POST / HTTP/1.1"
    return dict(line.split(": ", 1) for line in lines[1:]), body


def assert_steps_are_those_of(page, key):
    """Every step that the page shows is what an independent computation gives for the request that it shows."""
    fields, body = shown_request(page)
    right = Signed(key, body.encode(), int(fields["X-TC-Timestamp"]))
    assert shown(page, "canonicalRequest") == right.canonical
    assert shown(page, "scope") == f"{utc_date(int(fields['X-TC-Timestamp']))}/scf/tc3_request"
    assert shown(page, "stringToSign") == right.string_to_sign
    expect(page.locator('#steps [data-part="authorization"]')).to_have_text(right.headers["Authorization"])
    step = ("TC3" + key[1]).encode()
    for part, text in [("keyOfDate", utc_date(int(fields["X-TC-Timestamp"]))), ("keyOfService", "scf"),
                       ("signingKey", "tc3_request"), ("signature", right.string_to_sign)]:
        step = hmac.digest(step, text.encode(), "sha256")
        assert shown(page, part) == step.hex(), part


def fill_call(page, name="hello", event='{"a": 1}', timestamp=""):
    page.locator("#FunctionName").fill(name)
    page.locator("#ClientContext").fill(event)
    page.locator("#Timestamp").fill(timestamp)


def show_steps(page):
    with page.expect_navigation():
        page.locator("#call button").click()


def diagnose(page, text, canonical="", sent_at=""):
    page.locator("#Request").fill(text)
    page.locator("#Canonical").fill(canonical)
    page.locator("#SentAt").fill(sent_at)
    with page.expect_navigation():
        page.locator("#refused button").click()


# ---- The steps ------------------------------------------------------------------------------------------------------

@both
@languages
def test_the_steps_of_a_call_are_those_of_the_public_key(open_page, locale, scripts):
    page = open_page("/", locale=locale, java_script_enabled=scripts)
    page.get_by_role("navigation").get_by_role("link", name={"en-US": "Signature", "zh-CN": "签名"}[locale]).click()
    expect(page.locator("h1")).to_have_text({"en-US": "Signature", "zh-CN": "签名"}[locale])
    assert_steps_are_those_of(page, EXAMPLE)
    fill_call(page, "echo", NASTY_EVENT, "1551113065")
    show_steps(page)
    expect(page.locator("#steps-title")).to_be_focused()
    expect(page.locator("#steps-title")).to_be_in_viewport()
    fields, body = shown_request(page)
    assert fields["X-TC-Timestamp"] == "1551113065" and fields["X-TC-Action"] == "Invoke"
    event = NASTY_EVENT if scripts else NASTY_EVENT.replace("\n", "\r\n")   # what a browser makes of line ends
    assert json.loads(body) == {"FunctionName": "echo", "ClientContext": event}
    assert_steps_are_those_of(page, EXAMPLE)
    assert page.locator("#ClientContext").input_value() == NASTY_EVENT, "it can be changed and shown again"


def test_a_request_signed_in_the_browser_is_taken_by_the_cloud(open_page, site):
    page = open_page("/signature")
    fill_call(page, "echo", NASTY_EVENT)
    show_steps(page)
    page.locator("#SecretId").fill(LOCAL[0])
    page.locator("#SecretKey").fill(LOCAL[1])
    assert_steps_are_those_of(page, LOCAL)
    sent = Signed()
    sent.headers, body = shown_request(page)
    sent.headers["Authorization"], sent.body = shown(page, "authorization"), body.encode()
    assert sent.answer(site)["Result"]["RetMsg"] == NASTY_EVENT
    page.locator("#SecretKey").fill("")
    page.locator("#SecretId").fill("")
    assert_steps_are_those_of(page, EXAMPLE)


@both
def test_the_form_leads_to_the_signature_of_exactly_its_call(open_page, scripts):
    page = open_page("/", java_script_enabled=scripts)
    page.locator("details.options > summary").click()
    fields = {"FunctionName": "echo", "Qualifier": "$LATEST", "Namespace": "default", "Region": "ap-shanghai",
              "RoutingKey": '{"a\'b": "$c"}'}
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#ClientContext").fill(NASTY_EVENT)
    page.locator("input[name=LogType][value=Tail]").check(force=True)
    page.get_by_role("button", name="How it is signed").click()
    expect(page.locator("h1")).to_have_text("Signature")
    expect(page.locator("#steps-title")).to_be_in_viewport()
    head, body = shown_request(page)
    assert head["X-TC-Region"] == fields.pop("Region")
    event = NASTY_EVENT if scripts else NASTY_EVENT.replace("\n", "\r\n")
    assert json.loads(body) == fields | {"ClientContext": event, "LogType": "Tail", "InvocationType": "RequestResponse"} \
        or json.loads(body) == fields | {"ClientContext": event, "LogType": "Tail"}
    assert_steps_are_those_of(page, EXAMPLE)
    # The view's own form holds all of the call: only the time is another one.
    page.locator("#Timestamp").fill("1551113065")
    show_steps(page)
    head, again = shown_request(page)
    assert (head["X-TC-Region"], head["X-TC-Timestamp"], again) == ("ap-shanghai", "1551113065", body)


def test_a_form_with_a_wrong_event_stays_where_it_is(page):
    page.locator("#FunctionName").fill("echo")
    page.locator("#ClientContext").fill("{")
    page.get_by_role("button", name="How it is signed").click()
    expect(page.locator("#ClientContext")).to_be_focused()
    assert page.url.endswith("/")


@both
@languages
def test_a_wrong_call_is_explained_above_its_form(open_page, locale, scripts):
    page = open_page("/signature", locale=locale, java_script_enabled=scripts)
    fill_call(page, "echo", '{"a": 1,}')
    show_steps(page)
    card = page.locator('.outcome[data-state="error"]')
    expect(card).to_contain_text("line 1, column 9")
    expect(card).to_contain_text({"en-US": "What to do", "zh-CN": "如何处理"}[locale])
    if scripts:
        expect(page.locator("#outcome-title")).to_be_focused()
    assert page.locator("#ClientContext").input_value() == '{"a": 1,}'
    page.locator("#ClientContext").fill('{"a": 1}')
    show_steps(page)
    expect(card).to_have_count(0)
    assert_steps_are_those_of(page, EXAMPLE)


# ---- The key stays --------------------------------------------------------------------------------------------------

def test_a_typed_key_never_leaves_the_tab(chromium, site):
    secret = "kV3-Zx91-only-in-this-tab"
    wiretap = Wiretap(site.port)
    context = chromium.new_context(locale="en-US", base_url=wiretap.url)
    page = context.new_page()
    addresses, socket_addresses = [], []
    page.on("request", lambda request: addresses.append(request.url))
    page.on("websocket", lambda websocket: socket_addresses.append(websocket.url))
    derived = set()

    def type_key():
        page.locator("#SecretId").fill("AKIDmyown")
        page.locator("#SecretKey").press_sequentially(secret)
        page.locator("#SecretKey").press("Enter")

    page.goto("/signature")
    type_key()
    assert_steps_are_those_of(page, ("AKIDmyown", secret))
    derived |= {shown(page, part) for part in ("keyOfDate", "keyOfService", "signingKey", "signature")}
    fill_call(page, "echo", '{"mark": "of a submit"}')
    show_steps(page)
    assert page.locator("#SecretKey").input_value() == ""
    type_key()
    assert_steps_are_those_of(page, ("AKIDmyown", secret))
    derived |= {shown(page, part) for part in ("keyOfDate", "keyOfService", "signingKey", "signature")}
    diagnose(page, Signed(("AKIDmyown", secret), signed_body=b"").text.replace("hello", "mark-of-a-diagnosis"))
    type_key()
    expect(page.locator("#verdict .supposition")).to_be_visible()
    kept = page.evaluate("""async () => JSON.stringify([
        {...localStorage}, {...sessionStorage}, document.cookie, await indexedDB.databases(), await caches.keys(),
        history.state, name, location.href, (await navigator.serviceWorker.getRegistrations()).length])""")
    page.reload()
    assert page.locator("#SecretKey").input_value() == ""
    type_key()
    page.get_by_role("navigation").get_by_role("link", name="Run", exact=True).click()
    expect(page.locator("h1")).to_have_text("Run a function")
    context.close()
    wiretap.stop()

    sent = wiretap.sent
    assert b"mark-of-a-diagnosis" in sent and b"of a submit" in sent, "what is sent is seen here"
    for form in {secret, secret[:12], *derived, base64.b64encode(secret.encode()).decode(), secret.encode().hex()}:
        assert form.encode() not in sent and form not in kept, form
    assert all(address.startswith(wiretap.url + "/") for address in addresses) and socket_addresses == []
    assert json.loads(kept)[3:6] == [[], [], None] and json.loads(kept)[8] == 0


def test_where_the_browser_has_no_cryptography_the_page_says_so(chromium, site):
    context = chromium.new_context(locale="en-US")
    # By another name, without TLS. The site knows itself by its own.
    def led(text):
        return text.replace("http://relay.example", site.url)

    context.route("http://relay.example/**", lambda route: route.fulfill(response=route.fetch(
        url=led(route.request.url), headers={name: led(value) for name, value in route.request.headers.items()})))
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("http://relay.example/signature")
    assert page.evaluate("isSecureContext") is False
    expect(page.get_by_text("This browser computes signatures only on https pages and on localhost.")).to_be_visible()
    expect(page.locator("#SecretKey")).to_be_disabled()
    fill_call(page, "echo", "[1]")
    show_steps(page)
    assert_steps_are_those_of(page, EXAMPLE)
    wrong = Signed(EXAMPLE, signed_body=b"")
    diagnose(page, wrong.text, wrong.canonical)
    expect(page.locator("#verdict")).to_contain_text("The hash of an empty body was signed.")
    assert errors == []
    context.close()


# ---- A refused request ----------------------------------------------------------------------------------------------

SPACED, COMPACT = b'{"FunctionName": "hello"}', b'{"FunctionName":"hello"}'
NOW = int(time.time())
YESTERDAY, TOMORROW = utc_date(NOW, -24), utc_date(NOW, 24)
EN, ZH = "en-US", "zh-CN"
# What was done wrong; the code that the cloud refuses it with; what the page finds in the request alone; what it finds
# once the key is typed; and the lines of the canonical request that it marks.
MISTAKES = {
    "date": (dict(date=TOMORROW), "AuthFailure.SignatureFailure", {
        EN: "The scope's date is not the UTC date of X-TC-Timestamp.", ZH: "凭证范围中的日期不是 X-TC-Timestamp 的 UTC 日期"}, {
        EN: "The date of another day was signed. Signed was: " + TOMORROW, ZH: "签名用了另一天的日期。签名所用的是： " + TOMORROW}, []),
    "host": (dict(host="scf.ap-guangzhou.tencentcloudapi.example"), "AuthFailure.SignatureFailure", None, {
        EN: "None of the common mistakes gives this signature", ZH: "各种常见错误都得不出该签名"}, [5]),
    "regional host": (dict(sent_host="scf.ap-guangzhou.tencentcloudapi.com"), None, None, {
        EN: "Another host was signed than was sent. Signed was: " + HOST, ZH: "签名的域名与发送的不同。签名所用的是： " + HOST}, [5]),
    "foreign host": (dict(host="scf.example.com", sent_host="scf.example.com"), None, {
        EN: "This is no host of the cloud's SCF API.", ZH: "这不是云函数 API 的域名"}, {
        EN: "The signature is right for this key.", ZH: "对此密钥而言签名正确"}, []),
    "body": (dict(body=SPACED, signed_body=COMPACT), "AuthFailure.SignatureFailure", None, {
        EN: "The body was signed with other white space", ZH: "签名时正文的空白或换行与发送时不同"}, [8]),
    "no body": (dict(signed_body=b""), "AuthFailure.SignatureFailure", None, {
        EN: "The hash of an empty body was signed.", ZH: "签名用的是空正文的哈希值"}, [8]),
    "another body": (dict(signed_body=b"[2]"), "AuthFailure.SignatureFailure", None, {
        EN: "None of the common mistakes gives this signature", ZH: "各种常见错误都得不出该签名"}, [8]),
    "header not signed": (dict(names="host"), "AuthFailure.InvalidAuthorization", {
        EN: "A header has to be signed and is not in SignedHeaders.", ZH: "有一个必须签名的头部不在 SignedHeaders 中"}, {
        EN: "The signature is right for this key.", ZH: "对此密钥而言签名正确"}, []),
    "clock": (dict(timestamp=NOW - 900), "AuthFailure.SignatureExpire", {
        EN: "The timestamp is more than five minutes off.", ZH: "时间戳相差超过五分钟"}, {
        EN: "The signature is right for this key.", ZH: "对此密钥而言签名正确"}, []),
    "no TC3": (dict(prefix=""), "AuthFailure.SignatureFailure", None, {
        EN: "The chain of keys began with SecretKey alone.", ZH: "密钥链直接从 SecretKey 开始"}, []),
    "another key": (dict(key=(LOCAL[0], "a key of somebody else")), "AuthFailure.SignatureFailure", None, {
        EN: "None of the common mistakes gives this signature", ZH: "各种常见错误都得不出该签名"}, []),
    "nothing": ({}, None, None, {EN: "The signature is right for this key.", ZH: "对此密钥而言签名正确"}, []),
}


@languages
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_page_names_what_is_wrong_with_a_refused_request(open_page, site, mistake, locale):
    changes, code, in_request, with_key, lines = MISTAKES[mistake]
    sent = Signed(**changes)
    answer = sent.answer(site)
    if mistake == "nothing":
        assert "Result" in answer
    elif code is not None:
        assert answer["Error"]["Code"] == code, answer
    page = open_page("/signature", locale=locale)
    diagnose(page, sent.text, sent.canonical)
    expect(page.locator("#diagnosis-title")).to_be_focused()
    findings = page.locator(".findings > li")
    if in_request is None:
        expect(findings).to_have_count(0)
        expect(page.locator("#diagnosis .clean")).to_be_visible()
    else:
        expect(findings).to_have_count(1)
        expect(findings).to_contain_text(in_request[locale])
    # The line that differs, beside what stands there and what should.
    different = page.locator("#diagnosis tr.different")
    assert [int(number) for number in different.locator("th").all_text_contents()] == lines
    for number in lines:
        row = page.locator("#diagnosis tbody tr").nth(number - 1)
        expect(row.locator("td").nth(0)).to_have_text(sent.canonical.split("\n")[number - 1])
        assert row.locator("td").nth(1).text_content() != row.locator("td").nth(0).text_content()
    # And with the key of the request.
    page.locator("#SecretKey").fill(LOCAL[1])
    expect(page.locator("#verdict")).to_contain_text(with_key[locale])
    page.locator("#SecretKey").fill("")
    expect(page.locator("#verdict")).to_contain_text({EN: "Type the SecretKey of this request above", ZH: "请在上方填写该请求的 SecretKey"}[locale])


def test_a_string_to_sign_is_compared_too(open_page):
    sent = Signed(date=TOMORROW)
    page = open_page("/signature")
    diagnose(page, sent.text, sent.string_to_sign)
    expect(page.locator("#diagnosis tr.different th")).to_have_text(["3"])
    expect(page.locator("#diagnosis tr.different td").nth(1)).to_have_text(f"{utc_date(NOW)}/scf/tc3_request")


def test_an_old_request_is_judged_by_the_time_of_its_sending(open_page):
    old = Signed(timestamp=1551113065)
    page = open_page("/signature")
    diagnose(page, old.text)
    expect(page.locator(".findings > li")).to_contain_text("more than five minutes off")
    page.locator("#SentAt").fill("1551113100")
    page.get_by_role("button", name="Find the mistake").click()
    expect(page.locator(".findings > li")).to_have_count(0)


def test_what_curl_prints_can_be_pasted(open_page):
    sent = Signed(signed_body=b"")
    head, body = sent.text.split("\n\n", 1)
    noise = "* Connected to scf.tencentcloudapi.com\n" + "".join(f"> {line}\n" for line in head.split("\n")) + "> \n"
    page = open_page("/signature")
    diagnose(page, noise + "< HTTP/1.1 200 OK\n< Content-Type: application/json\n")
    page.locator("#SecretKey").fill(LOCAL[1])
    expect(page.locator("#verdict")).to_contain_text("The signature is right for this key.")


def test_without_javascript_a_refused_request_is_looked_at_too(open_page):
    sent = Signed(EXAMPLE, body=SPACED, signed_body=COMPACT)
    page = open_page("/signature", java_script_enabled=False)
    diagnose(page, sent.text, sent.canonical)
    expect(page.locator("#verdict")).to_contain_text("The body was signed with other white space")
    expect(page.locator("#diagnosis tr.different th")).to_have_text(["8"])
    expect(page.locator("#SecretKey")).to_be_hidden()
    assert page.locator("#Request").input_value() == sent.text, "it can be corrected and looked at again"


# ---- Inert ----------------------------------------------------------------------------------------------------------

def hostile_request(hostile, part):
    good = Signed().text
    return {
        "method": lambda: good.replace("POST", hostile.replace(" ", "").replace("\n", ""), 1),
        "path": lambda: good.replace("POST /", "POST /" + hostile.replace(" ", "%20"), 1),
        "Host": lambda: good.replace(HOST, hostile, 1),
        "Content-Type": lambda: good.replace("application/json", hostile, 1),
        "X-TC-Timestamp": lambda: re.sub(r"(X-TC-Timestamp: ).*", lambda match: match[1] + hostile, good),
        "Content-Length": lambda: good.replace("X-TC-Action", f"Content-Length: {hostile}\nX-TC-Action"),
        "SecretId": lambda: good.replace(LOCAL[0], hostile.replace("/", "_"), 1),
        "SignedHeaders": lambda: good.replace("content-type;host", hostile, 1),
        "Signature": lambda: re.sub(r"Signature=\w+", lambda _: "Signature=" + hostile, good),
        "algorithm": lambda: good.replace("TC3-HMAC-SHA256", hostile, 1),
        "Date": lambda: re.sub(r"/\d{4}-\d\d-\d\d/", lambda _: f"/{hostile}/", good),
        "body": lambda: good + hostile,
        "all of it": lambda: hostile,
    }[part]()


PARTS = ["method", "path", "Host", "Content-Type", "X-TC-Timestamp", "Content-Length", "SecretId", "SignedHeaders", "Signature",
         "algorithm", "Date", "body", "all of it"]


def assert_inert(page, hostile):
    assert "owned" not in page.title() and page.title() != "1"
    assert page.locator("#owned, main img, main svg, main script, main base").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('onfocus')") is None
    everything = page.evaluate(
        "[document.querySelector('main').textContent, ...[...document.querySelectorAll('input, textarea')].map((each) => each.value)].join('\\n')")
    assert hostile in everything, "it is shown, as text"


@both
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_request_stays_text(open_page, hostile, scripts):
    page = open_page("/signature", java_script_enabled=scripts)
    for part in PARTS:
        text = hostile_request(hostile, part)
        diagnose(page, text, canonical=f"POST\n/{hostile}\n{hostile}\nhost:{hostile}")
        assert_inert(page, hostile)
        if scripts:
            page.locator("#SecretKey").fill(hostile)
            assert_inert(page, hostile)


@both
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_fields_stay_text(open_page, hostile, scripts):
    page = open_page("/signature", java_script_enabled=scripts)
    for field in ("FunctionName", "ClientContext", "Region", "Timestamp", "SentAt"):
        # A browser checks lengths and patterns, an attacker's does not.
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.locator("#SentAt").fill("")
        fill_call(page, "hello", "")
        page.locator(f"#{field}").evaluate("(field, value) => { field.removeAttribute('maxlength'); field.value = value; }", hostile)
        if field == "SentAt":
            diagnose(page, Signed().text, sent_at=hostile)
        else:
            show_steps(page)
        assert_inert(page, hostile)
    page.goto("/signature")
    fill_call(page, "hello", json.dumps(hostile))
    show_steps(page)
    if scripts:
        page.locator("#SecretId").fill(hostile)
        page.locator("#SecretKey").fill(hostile)
        expect(page.locator('#steps [data-part="authorization"]')).to_contain_text(hostile)
    assert_inert(page, json.dumps(hostile))


# ---- Everybody ------------------------------------------------------------------------------------------------------

def bring_into(page, state):
    if state == "steps":
        fill_call(page, "echo", json.dumps({"long": "x" * 500, "城市": "广州"}, ensure_ascii=False))
        show_steps(page)
        page.locator("#SecretId").fill("AKID" + "x" * 60)
        page.locator("#SecretKey").fill("anything")
        expect(page.locator('#steps [data-part="authorization"]')).to_contain_text("xxx")
    elif state == "diagnosis":
        sent = Signed(date=TOMORROW, signed_body=b"", body=json.dumps({"long": "x" * 500}).encode())
        diagnose(page, sent.text, sent.canonical)
        page.locator("#SecretKey").fill(LOCAL[1])
        for summary in page.locator("summary").all():
            summary.click()
    elif state == "error":
        fill_call(page, "echo", '{"a": ' + "x" * 500)
        show_steps(page)
        expect(page.locator('.outcome[data-state="error"]')).to_be_visible()


states = pytest.mark.parametrize("state", ["empty", "steps", "diagnosis", "error"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@languages
@states
def test_axe_finds_nothing(open_page, state, locale, scheme):
    page = open_page("/signature", locale=locale, color_scheme=scheme)
    bring_into(page, state)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@languages
@states
def test_nothing_is_wider_than_a_small_screen(open_page, state, locale):
    page = open_page("/signature", locale=locale, viewport={"width": 320, "height": 700})
    bring_into(page, state)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
