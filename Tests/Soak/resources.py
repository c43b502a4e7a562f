"""What a process holds, second by second, and whether it grows."""

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Sample:
    """Resident memory in KiB, open descriptors, threads."""

    memory: int
    descriptors: int
    threads: int

    def __str__(self):
        return f"{self.memory / 1024:.1f} MiB, {self.descriptors} descriptors, {self.threads} threads"


class Watch:
    """Samples of a process."""

    # The allocator's own rounding, and pages that the first call of a kind touches: no leak is as small after minutes.
    MEMORY_ROOM = 2 << 10           # KiB
    MEMORY_SHARE = 0.05
    DESCRIPTOR_ROOM = 16            # connections come and go; one leaked in a thousand calls would be hundreds

    def __init__(self, pid):
        self.pid = pid
        self.samples = []

    def take(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        sample = Sample(
            memory=int(fields["VmRSS"].split()[0]), descriptors=len(os.listdir(f"/proc/{self.pid}/fd")),
            threads=int(fields["Threads"]))
        self.samples.append(sample)
        return sample

    def quarters(self):
        """The second and the last quarter of the samples; the first one is the warm-up."""
        size = len(self.samples) // 4
        return self.samples[size:2 * size], self.samples[-size:]

    def problems(self):
        """What has grown from the second quarter to the last one."""
        if len(self.samples) < 40:
            return [f"only {len(self.samples)} samples: too few to tell"]
        early, late = self.quarters()
        found = []
        before, after = (median(each.memory for each in part) for part in (early, late))
        if after > before + max(self.MEMORY_ROOM, self.MEMORY_SHARE * before):
            found.append(f"memory grows: {before / 1024:.1f} MiB in the second quarter, {after / 1024:.1f} MiB in the last")
        before, after = (median(each.descriptors for each in part) for part in (early, late))
        if after > before + self.DESCRIPTOR_ROOM:
            found.append(f"descriptors grow: {before} in the second quarter, {after} in the last")
        before, after = (max(each.threads for each in part) for part in (early, late))
        if after > before:
            found.append(f"threads grow: {before} in the second quarter, {after} in the last")
        return found

    def summary(self):
        """Figures for people."""
        early, late = self.quarters()

        def spread(name, unit=1.0):
            return {
                label: round(median(getattr(each, name) for each in part) / unit, 1)
                for label, part in (("second quarter", early), ("last quarter", late))
            } | {"most": round(max(getattr(each, name) for each in self.samples) / unit, 1)}

        return {"memory MiB": spread("memory", 1024), "descriptors": spread("descriptors"), "threads": spread("threads"),
                "samples": len(self.samples)}
