"""What a decoding child is asked: plain dictionaries, because they cross a pipe as JSON."""

from typing import Literal, TypedDict

Found = dict[str, str | int | float | None]
Task = Literal["check", "examine", "draw"]
"""CHECK decodes for facts and claims, EXAMINE also for thumbnail, text and signals, DRAW for one page's picture."""


class Job(TypedDict):
    """One file to open. `page` counts from 0 and matters to DRAW alone; `cpu_s` is processor time."""

    path: str
    media_type: str
    task: Task
    page: int
    max_pixels: int
    cpu_s: int


class RefusedError(Exception):
    """The file cannot be taken; the only argument is the fault's name, a `Fault` of `evidence.intake.rules`."""
