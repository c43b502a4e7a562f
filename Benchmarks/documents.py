"""Writes what was measured into docs/: the tables between two marks, and the chart."""

import chart
import report
from programs import ROOT, fail, say

BEGIN = "<!-- Written by script/bench --write-docs: begin -->"
END = "<!-- Written by script/bench --write-docs: end -->"


def write(results):
    page = ROOT / "docs" / "performance.md"
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        fail(f"{page} does not have the two marks")
    page.write_text(f"{before}{BEGIN}\n\n{report.markdown(results)}\n{END}{after}")
    if "rows" in results:
        (ROOT / "docs" / "performance.svg").write_text(chart.svg(results))
    say("Written: docs/performance.md, docs/performance.svg")
