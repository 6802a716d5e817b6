"""One measurement a line, with the conditions it was taken under."""

import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

import psutil

MB = 1_000_000


def write_line(name: str, /, **numbers: object) -> None:
    """Write a measurement to standard output; `load` is the machine's own over the last minute."""
    conditions = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2), "python": platform.python_version()}
    sys.stdout.write(json.dumps({"name": name, **numbers, "conditions": conditions}) + "\n")
    sys.stdout.flush()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all values do not exceed."""
    return sorted(values)[ceil(len(values) * share) - 1]


@dataclass
class Spent:
    """Wall time and CPU of a stretch, s; CPU is that of the given processes, or of this one and its ended children."""

    wall_s: float = 0.0
    cpu_s: float = 0.0

    def per_s(self, size_bytes: int) -> dict[str, float]:
        """Return rate and cost of having handled so many bytes."""
        return {
            "mb_per_s": round(size_bytes / MB / self.wall_s, 1),
            "cpu_s_per_gb": round(self.cpu_s / size_bytes * 1000 * MB, 2),
        }


@contextmanager
def measured(*pids: int) -> Iterator[Spent]:
    """Measure the block."""
    spent = Spent()
    cpu_s, began = _cpu_s(pids), time.monotonic()
    yield spent
    spent.wall_s, spent.cpu_s = time.monotonic() - began, _cpu_s(pids) - cpu_s


def _cpu_s(pids: tuple[int, ...]) -> float:
    if pids:
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
    return sum(os.times()[:4])
