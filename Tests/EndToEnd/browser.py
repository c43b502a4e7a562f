"""Chromium for the tests: pages that fail a test for whatever goes wrong in them."""

import re

import pytest
from playwright.sync_api import sync_playwright

# Chromium without the window around each page, which nobody sees here.
PROGRAM = "/usr/bin/chromium-headless-shell"

# A refused call is an answer; that the browser notes its status is no flaw of the page.
NOTED_STATUS = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")

WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`Policy violated: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests. --no-sandbox: tests often run as root in a container."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site):
    """Opens a page of the site: `open_page("/errors", locale="zh-CN")`. Fails the test for errors in it."""
    contexts = []
    problems = []

    def note(message):
        if message.type in ("error", "warning") and not NOTED_STATUS.match(message.text):
            problems.append(message.text)

    def open(path="/", **options):
        context = chromium.new_context(base_url=site.url, **{"locale": "en-US", **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH_POLICY)
        page = context.new_page()
        page.problems = problems
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield open
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page):
    """The English page."""
    return open_page()


@pytest.fixture
def page_without_javascript(open_page):
    """The English page in a browser that runs no scripts."""
    return open_page(java_script_enabled=False)
