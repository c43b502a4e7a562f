"""Reads /metrics as strictly as the formats are written."""

import re

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

SAMPLE = re.compile(
    r'(?P<name>[a-z_][a-z0-9_]*)(?:\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? '
    r'(?P<value>[-+]?(?:[0-9.]+(?:e[-+][0-9]+)?|Inf|NaN))')
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}


class Exposition:
    """What one answer of /metrics says. `value("name", label="…")` is a sample's value."""

    def __init__(self, text, is_openmetrics=False):
        self.text = text
        check_lines(text, is_openmetrics)
        self.families = list((read_openmetrics if is_openmetrics else read_prometheus)(text))
        self.samples = {}
        for family in self.families:
            assert family.documentation, f"{family.name} has no help"
            for sample in family.samples:
                assert sample.name.removeprefix(family.name) in SUFFIXES[family.type], (family.name, family.type, sample.name)
                key = (sample.name, frozenset(sample.labels.items()))
                assert key not in self.samples, f"twice: {key}"
                self.samples[key] = sample.value
            if family.type == "histogram":
                check_histogram(family)

    def value(self, name, **labels):
        return self.samples[name, frozenset(labels.items())]

    def all(self, name):
        """Every sample of this name that is not 0: {(value of label, …): value}, labels in the order of their names."""
        return {tuple(value for _, value in sorted(labels)): found
                for (each, labels), found in self.samples.items() if each == name and found != 0}


def check_lines(text, is_openmetrics):
    """Each family once: help, type, then its samples together."""
    assert text.endswith("\n")
    lines = text.split("\n")[:-1]
    if is_openmetrics:
        assert lines.pop() == "# EOF"
    seen, family = set(), None
    for place, line in enumerate(lines):
        if line.startswith("# HELP "):
            family = line.split(" ")[2]
            assert family not in seen, f"{family} stands there twice"
            seen.add(family)
            assert lines[place + 1].startswith(f"# TYPE {family} ")
        elif not line.startswith("# TYPE "):
            match = SAMPLE.fullmatch(line)
            assert match, f"no sample: {line!r}"
            assert match["name"].startswith(family), f"{line!r} is not where {family} is"


def check_histogram(family):
    """Buckets never fall, the last one is the count."""
    series = {}
    for sample in family.samples:
        labels = dict(sample.labels)
        bound = labels.pop("le", None)
        series.setdefault(frozenset(labels.items()), {})[sample.name.removeprefix(family.name), bound] = sample.value
    for values in series.values():
        buckets = [(float(bound), value) for (suffix, bound), value in values.items() if suffix == "_bucket"]
        assert buckets == sorted(buckets) and [value for _, value in buckets] == sorted(value for _, value in buckets)
        assert buckets[-1] == (float("inf"), values["_count", None])
        assert values["_sum", None] >= 0
