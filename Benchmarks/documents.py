"""Writes what was measured into docs/performance.md, each table between two marks, and the chart."""

import chart
import report
from programs import ROOT, fail, say


def write(results):
    fill("script/bench", report.markdown(results))
    if "rows" in results:
        (ROOT / "docs" / "performance.svg").write_text(chart.svg(results))
    say("Written: docs/performance.md, docs/performance.svg")


def fill(author, text):
    """Puts `text` between the two marks of `author`, and leaves the rest of the page as it is."""
    page = ROOT / "docs" / "performance.md"
    begin, end = marks(author)
    before, found_begin, rest = page.read_text().partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        fail(f"{page} does not have the two marks of {author}")
    page.write_text(f"{before}{begin}\n\n{text.rstrip()}\n\n{end}{after}")


def marks(author):
    return [f"<!-- Written by {author} --write-docs: {where} -->" for where in ("begin", "end")]
