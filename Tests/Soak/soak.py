"""Calls of every kind for as long as is wanted, at half of what the machine can do: memory, descriptors and threads of the
relay must not grow. Figures, not times, decide.

    .venv/bin/python Tests/Soak/soak.py --minutes 15

script/test --long runs it.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

from mixture import Mixture    # noqa: E402 (after the path)
from resources import Watch    # noqa: E402
from running_relay import Relay    # noqa: E402
from upstream import Upstream    # noqa: E402

CALIBRATION_SECONDS = 15


def main():
    options = arguments()
    # A Unix socket's path may have 107 bytes: not a folder of the caller's choice.
    with tempfile.TemporaryDirectory(prefix="scf-relay.soak.") as directory:
        cloud = Upstream()
        mixture = Mixture(Path(directory), cloud)
        relay = Relay(directory, cloud.port, **mixture.configuration())
        try:
            report = soak(relay, cloud, mixture, options.minutes)
        finally:
            cloud.release()
            status = relay.stop()
            cloud.close()
    report["exit status"] = status
    if status != 0:
        report["problems"].append(f"the relay ended with {status}")
    print(json.dumps(report, indent=2))
    for problem in report["problems"]:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if report["problems"] else 0


def soak(relay, cloud, mixture, minutes):
    full = mixture.run(relay, seconds=CALIBRATION_SECONDS)
    say(f"at full speed {full.rate:.0f} calls/s; from now on half of that for {minutes:g} min")
    cloud.calls.clear()
    watch = Watch(relay.pid)
    load = mixture.run(relay, seconds=minutes * 60, rate=full.rate / 2, each_second=lambda: tick(watch, cloud))
    problems = watch.problems() + load.problems
    return {"calls/s": round(load.rate, 1), "calls": load.count, "by kind": load.kinds, **watch.summary(),
            "problems": problems}


def tick(watch, cloud):
    # The scripted cloud notes every call, for tests with few of them.
    cloud.calls.clear()
    sample = watch.take()
    if len(watch.samples) % 60 == 0:
        say(f"{len(watch.samples) // 60:4} min: {sample}")


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15, help="how long, after the warm-up (15)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
