"""Parts of scf-relay alone, as the program in `Benchmarks/parts` measures them."""

import re
import subprocess

from programs import ROOT, say

PROGRAM = ROOT / ".build" / "release" / "parts-benchmark"


def measure():
    """What it prints, as a list of parts; None where it is not built."""
    if not PROGRAM.exists():
        say(f"The parts alone are not measured: no {PROGRAM}")
        return None
    output = subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout
    return [{"part": part, "value": float(value), "unit": unit}
            for part, value, unit in re.findall(r"^(.+): +([\d.]+) (\S+)$", output, re.MULTILINE)]
