"""The views of calls and deliveries in a real browser, driven as a person would."""

import csv
import json
import re
import sqlite3
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import processes
from running_site import Site

TOKEN = "a-token-of-the-sender"
HOSTILE = [
    "<script>document.title = 'owned'</script>", "\"><img src=x onerror=\"document.title='owned'\">",
    "' onmouseover='document.title=1", "</pre></textarea></title><svg onload=\"document.title='owned'\">",
    "\u0600<b id=owned>", "{{s.lang}}", "javascript:document.title='owned'",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with a history, a hook whose calls are accepted, and a function for it that fails."""
    directory = tmp_path_factory.mktemp("history")

    def prepare(site):
        sections = {
            "cloud": {"endpoint": site.local_url, "region": "ap-guangzhou"},
            "limits": {"requestsPerSecond": 0, "drainSeconds": 5},
            "functions": [{"name": name} for name in ("hello", "echo", "fail", "sleep", "log")]
            + [{"name": f"described{number}", "description": text} for number, text in enumerate(HOSTILE)],
            "store": {"path": str(directory / "calls.db")},
            "history": {"path": str(directory / "history.db"), "payloads": True},
            "hooks": [{"name": "push", "function": "fail", "verify": "bearer", "secrets": ["environment:HOOK_TOKEN"],
                       "answer": "accepted"}],
        }
        lines = [f'listen: "unix:{directory}/relay.sock"', *(f"{key}: {json.dumps(value)}" for key, value in sections.items())]
        (directory / "relay.yaml").write_text("\n".join(lines) + "\n")

    running = Site(
        directory / "run", "--config", directory / "relay.yaml",
        environment=processes.CLEAN_ENVIRONMENT | {"HOOK_TOKEN": TOKEN}, prepare=prepare)
    running.directory = directory
    yield running
    running.stop()


def ask(site, path, form=None, **headers):
    body = urlencode(form).encode() if isinstance(form, dict) else form
    with urlopen(Request(site.url + path, data=body, headers={"Accept": "application/json"} | headers)) as answer:
        return json.loads(answer.read())


def invoke(site, function, event=None, **more):
    return ask(site, "/invoke", {"FunctionName": function, "ClientContext": event or "", **more})


def accept(site):
    """Sends a webhook whose function fails, and waits until it is given up. Returns its id."""
    sent = ask(site, "/hooks/push", b"{}", Authorization=f"Bearer {TOKEN}", **{"Content-Type": "application/json"})
    call_id = sent["DeliveryId"]
    processes.wait_for(lambda: ask(site, f"/deliveries/{call_id}")["State"] == "dead", "it is given up")
    return call_id


def ask_local_memory(site):
    """What the local cloud bills hello by."""
    [call] = ask(site, "/history/statistics?span=1h&format=json&function=default/hello")["Functions"]
    return round(call["GigabyteSeconds"] * 1024 * 1000 / call["BillDuration"])


def newest(page):
    return page.locator("table.calls tbody tr").first


both = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


# ---- A person's steps -----------------------------------------------------------------------------------------------

def test_a_tab_is_closed_and_its_result_is_found_in_the_history(open_page, site):
    tab = open_page()
    tab.get_by_role("combobox", name="FunctionName").fill("sleep")
    tab.locator("#ClientContext").fill('{"seconds": 1.5, "mark": "closed tab"}')
    tab.get_by_text("More parameters").click()
    tab.locator("#run").click()
    expect(tab.locator('.outcome[data-state="running"]')).to_be_visible()
    tab.close()

    page = open_page("/")
    page.get_by_role("link", name="History", exact=True).click()
    expect(newest(page)).to_contain_text("default/sleep")
    # Filter for it, as somebody would who has made many calls since.
    page.get_by_text("Filter").click()
    page.get_by_label("Function").fill("default/sleep")
    page.get_by_role("button", name="Show").click()
    newest(page).get_by_role("link").click()
    permalink = page.url

    def has_ended():
        page.goto(permalink)
        return page.locator('h2 [data-outcome="ok"]').count() == 1
    processes.wait_for(has_ended, "the call has run to its end")
    expect(page.get_by_role("region", name="Event")).to_contain_text("closed tab")

    page.get_by_role("link", name="Run again").click()
    expect(page.locator("#FunctionName")).to_have_value("sleep")
    expect(page.locator("#ClientContext")).to_have_value('{"seconds": 1.5, "mark": "closed tab"}')
    page.locator("#run").click()
    expect(page.locator('.outcome[data-state="success"]')).to_be_visible()


def test_whoever_stops_waiting_is_told_where_the_result_will_be(open_page):
    page = open_page()
    page.get_by_role("combobox", name="FunctionName").fill("sleep")
    page.locator("#ClientContext").fill('{"seconds": 1}')
    page.locator("#run").click()
    running = page.locator('.outcome[data-state="running"]')
    expect(running.locator('[data-part="elapsed"]')).to_have_text(re.compile(r"^0\.[2-9] s$"))
    running.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="The call goes on").click()
    expect(page.locator("h1")).to_have_text("Call")
    processes.wait_for(
        lambda: page.reload() and page.locator('h2 [data-outcome="ok"]').count() == 1, "the call has run to its end")


def test_an_answer_leads_to_its_permalink(open_page):
    page = open_page()
    page.get_by_role("combobox", name="FunctionName").fill("hello")
    page.locator("#run").click()
    page.get_by_role("link", name="This call in the history").click()
    expect(page.get_by_role("region", name="Return value")).to_contain_text("hello from scf")


@both
def test_calls_are_filtered_opened_and_run_again(open_page, site, scripts):
    invoke(site, "fail", '{"n": "to be found"}')
    invoke(site, "hello")
    page = open_page("/history", java_script_enabled=scripts)
    page.get_by_text("Filter").click()
    page.get_by_label("Outcome").select_option("failed")
    page.get_by_role("button", name="Show").click()
    expect(newest(page)).to_contain_text("Function failed")
    assert page.locator('table.calls [data-outcome="ok"]').count() == 0
    newest(page).get_by_role("link").click()
    expect(page.get_by_role("region", name="Event")).to_contain_text("to be found")
    page.get_by_role("link", name="Run again").click()
    expect(page.locator("#ClientContext")).to_have_value('{"n": "to be found"}')
    expect(page.locator("#FunctionName")).to_have_value("fail")


@both
def test_what_the_list_shows_can_be_taken_along(open_page, site, scripts):
    invoke(site, "fail")
    invoke(site, "hello")
    page = open_page("/history?outcome=failed", java_script_enabled=scripts)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.suggested_filename == "history.csv"
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page.get_by_role("link", name="JSON", exact=True).click()
    page.wait_for_url(re.compile("format=json"))
    calls = json.loads(page.locator("pre").text_content())["Calls"]
    assert [row["Id"] for row in rows] == [call["Id"] for call in calls] != []
    assert {row["Outcome"] for row in rows} == {call["Outcome"] for call in calls} == {"failed"}


@both
def test_a_dead_letter_is_delivered_again_and_another_dropped(open_page, site, scripts):
    first, second = accept(site), accept(site)
    page = open_page("/deliveries", java_script_enabled=scripts)
    page.get_by_label("State").select_option("dead")
    page.get_by_role("button", name="Show").click()
    page.locator(f'a[href="/deliveries?id={first}"]').click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Deliver now").click()
    expect(page.get_by_role("status").first).to_have_text("It is delivered now.")
    processes.wait_for(
        lambda: len(ask(site, f"/deliveries?id={first}")["Tries"]) == 2 and ask(site, f"/deliveries?id={first}")["State"] == "dead",
        "it was tried again, and failed again")
    page.goto(f"/deliveries?id={second}")
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_role("status").first).to_have_text("The delivery is removed.")
    assert page.locator(f'a[href="/deliveries?id={second}"]').count() == 0
    # Each try is a call of the history, and leads back here.
    page.goto("/history?door=delivery")
    newest(page).get_by_role("link").click()
    page.get_by_role("link", name=first).click()
    expect(page.locator("h1")).to_have_text("Delivery")


def test_a_sender_sees_the_state_of_its_delivery_alone(open_page, site):
    page = open_page(f"/deliveries/{accept(site)}")
    expect(page.locator("h2")).to_contain_text("Given up")
    assert page.locator("form").count() == 0


# ---- Charts ---------------------------------------------------------------------------------------------------------

def test_charts_have_names_descriptions_and_tables(open_page, site):
    for _ in range(3):
        invoke(site, "hello")
    page = open_page("/history/statistics")
    charts = page.get_by_role("img")
    expect(charts).to_have_count(4)
    expect(page.get_by_role("img", name="How long calls took")).to_have_accessible_description(re.compile("From the request"))
    page.get_by_role("group").get_by_text("As a table").first.click()
    expect(page.get_by_role("columnheader", name="95 % took at most")).to_be_visible()
    page.get_by_label("Last").select_option("1h")
    page.get_by_role("button", name="Show").click()
    assert "span=1h" in page.url
    expect(page.locator("section", has_text="Cost by function").last).to_contain_text("GB·s")
    # GetFunction tells the memory size that cost is counted by.
    [call] = ask(site, "/history?format=json&limit=1")["Calls"]
    assert call["MemorySize"] == ask_local_memory(site)


@both
def test_on_a_small_screen_a_chart_shows_its_newest_end(open_page, site, scripts):
    invoke(site, "hello")
    page = open_page("/history/statistics", viewport={"width": 320, "height": 800}, java_script_enabled=scripts)
    for name in ("How long calls took", "How calls went"):
        box = page.get_by_role("img", name=name).bounding_box()
        assert box["x"] < 0 and box["x"] + box["width"] <= 320, "its oldest end is what is out of sight"


def test_times_are_those_of_the_reader(open_page, site):
    invoke(site, "hello")
    page = open_page("/history", timezone_id="Asia/Shanghai")
    expect(page.get_by_role("columnheader", name="Time (UTC+08:00)")).to_be_visible()


# ---- Inert ----------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def hostile_site(site):
    """Every text of the history and of the queue is hostile: for what could not come in by a door, by hand."""
    call_id = accept(site)
    for text in HOSTILE:
        invoke(site, "echo", json.dumps({"event": text}), RoutingKey=json.dumps({"k": text}), LogType="Tail")
    with sqlite3.connect(site.directory / "history.db") as database:
        for column in ("caller", "functionName", "namespace", "code"):
            kinds = [row[0] for row in database.execute("SELECT kind FROM kinds WHERE functionName <> '' ORDER BY kind DESC LIMIT 2")]
            for index, kind in enumerate(kinds):
                database.execute(f"UPDATE kinds SET {column} = ? WHERE kind = ?", [HOSTILE[index] + column, kind])
        for index, text in enumerate(HOSTILE):
            database.execute(
                "UPDATE calls SET message = ?1, note = ?1, hook = ?1, qualifier = ?1, region = ?1, cloudRequestId = ?1, "
                "functionRequestId = ?1 WHERE place = (SELECT place FROM calls ORDER BY began DESC LIMIT 1 OFFSET ?2)", [text, index])
            database.execute(
                "UPDATE payloads SET retMsg = ?1, errMsg = ?1, errMsgBytes = 9, log = ?1, logBytes = 9 WHERE place = "
                "(SELECT place FROM calls ORDER BY began DESC LIMIT 1 OFFSET ?2)", [text.encode(), index])
        database.execute("INSERT INTO gaps (since, until, calls, reason) VALUES (?, ?, 1, ?)", [1_900_000_000_000] * 2 + [HOSTILE[0]])
    with sqlite3.connect(site.directory / "calls.db") as database:
        database.execute("UPDATE calls SET hook = ?, functionName = ?, deliveryId = ? WHERE id = ?", [*HOSTILE[:3], call_id])
        database.execute(
            "UPDATE attempts SET code = ?, message = ? WHERE place = (SELECT place FROM calls WHERE id = ?)", [*HOSTILE[:2], call_id])
    site.delivery = call_id
    return site


def test_nothing_that_was_sent_or_returned_is_markup(open_page, hostile_site):
    site = hostile_site
    ids = [call["Id"] for call in ask(site, "/history?format=json&limit=10")["Calls"]]
    views = ["/functions", "/history", "/history/statistics", "/deliveries?state=dead", f"/deliveries?id={site.delivery}", f"/deliveries/{site.delivery}"]
    views += [f"/history/{call_id}" for call_id in ids] + [f"/history/again?id={call_id}" for call_id in ids]
    views += [f"/history?{urlencode({name: HOSTILE[1]})}" for name in ("function", "caller", "code", "id", "door")]
    page = open_page("/history")
    seen = ""
    for view in views:
        page.goto(view)
        assert "owned" not in page.title() and page.locator("#owned, main img, main script").count() == 0, view
        seen += page.content()
    assert seen.count("&lt;script&gt;") > 5, "the hostile texts are shown"
    page.goto("/status?full")
    assert page.evaluate("document.contentType") == "text/plain"


# ---- Everybody ------------------------------------------------------------------------------------------------------

VIEWS = ["/history", "/history?outcome=failed", "/history/statistics", "/deliveries", "{delivery}", "{call}", "{state}", "/history/none"]


@pytest.fixture(scope="module")
def addresses(site):
    delivery = accept(site)
    invoke(site, "log", '{"lines": 5}', LogType="Tail")
    invoke(site, "fail")
    call = ask(site, "/history?format=json&limit=1")["Calls"][0]["Id"]
    return {"delivery": f"/deliveries?id={delivery}", "state": f"/deliveries/{delivery}", "call": f"/history/{call}"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(open_page, addresses, view, locale, scheme):
    page = open_page(view.format(**addresses), locale=locale, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_small_screen(open_page, addresses, view):
    page = open_page(view.format(**addresses), viewport={"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main input, main select, main summary")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24)
            .map(([html, box]) => `${html} ${box.width} x ${box.height}`)""")
    assert small == []
