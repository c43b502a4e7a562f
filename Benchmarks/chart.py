"""The chart of docs/performance.svg: requests per second and CPU per call of each relay, as bars."""

from html import escape

from load import PAYLOADS

WIDTH, LABELS, PANEL, GAP = 880, 180, 310, 30
BAR, STEP, HEAD = 16, 24, 46
CONNECTIONS = 32

STYLE = """
  svg { font-family: system-ui, sans-serif; font-size: 12px }
  .paper { fill: #ffffff } .text { fill: #1f2328 } .quiet { fill: #59636e }
  .bar { fill: #8c959f } .ours { fill: #d9480f } .rule { stroke: #d1d9e0 }
  .title { font-size: 15px; font-weight: 600 } .strong { font-weight: 600 } .right { text-anchor: end }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .text { fill: #e6edf3 } .quiet { fill: #9198a1 }
    .bar { fill: #656c76 } .ours { fill: #ff8a4c } .rule { stroke: #3d444d }
  }
"""


def svg(results):
    """The chart as text, for the connections in the middle (or for those there are)."""
    counts = {row["connections"] for row in results["rows"]}
    connections = CONNECTIONS if CONNECTIONS in counts else max(counts)
    names = {relay["key"]: relay["name"] for relay in results["relays"]}
    body, y = [], 62
    for payload in PAYLOADS:
        rows = [row for row in results["rows"] if (row["payload"], row["connections"]) == (payload, connections)]
        if rows:
            body += _group(payload, rows, names, y)
            y += HEAD + STEP * len(rows) + 10
    title = f"scf-relay and its peers, {connections} calls at once"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
        'aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>', f'<desc id="desc">{escape(_describe(results, connections, names))}</desc>',
        f"<style>{STYLE}</style>", f'<rect class="paper" width="{WIDTH}" height="{y}" rx="6"/>',
        _text(20, 32, title, "title text"), *body, "</svg>", ""])


def _group(payload, rows, names, y):
    left, right = LABELS + 20, LABELS + 20 + PANEL + GAP
    lines = [
        f'<line class="rule" x1="20" x2="{WIDTH - 20}" y1="{y - 8}" y2="{y - 8}"/>',
        _text(20, y + 16, f"ClientContext of {payload}", "strong text"),
        _text(left, y + 16, "requests/s: more is better", "quiet"),
        _text(right, y + 16, "CPU µs per call: less is better", "quiet")]
    most = {name: max((row.get(name) or 0) for row in rows) for name in ("per_second", "cpu_us")}
    for index, row in enumerate(rows):
        top = y + HEAD - 18 + index * STEP
        kind = "ours" if row["relay"] == "swift" else "bar"
        weight = "strong text" if row["relay"] == "swift" else "text"
        lines.append(_text(LABELS + 8, top + 12, names[row["relay"]], f"{weight} right"))
        lines += _bar(left, top, row["per_second"], most["per_second"], kind)
        lines += _bar(right, top, row.get("cpu_us"), most["cpu_us"], kind)
    return lines


def _bar(x, top, value, most, kind):
    if value is None:
        return [_text(x, top + 12, "–", "quiet")]
    length = max(1, (PANEL - 60) * value / most)
    return [
        f'<rect class="{kind}" x="{x}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
        _text(x + length + 6, top + 12, f"{value:,.0f}" if value >= 100 else f"{value:.1f}", "text")]


def _text(x, y, text, style):
    return f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def _describe(results, connections, names):
    sentences = []
    for row in results["rows"]:
        if row["connections"] == connections:
            cpu = f", {row['cpu_us']:,.0f} µs of CPU a call" if row.get("cpu_us") is not None else ""
            sentences.append(f"{row['payload']}, {names[row['relay']]}: {row['per_second']:,.0f} requests a second{cpu}.")
    return " ".join(sentences)
