"""Media processes that ran when there were to be more of them: their reports are read, and their spools emptied.

Such a process is started once more (`sightline media --number N` with a number beyond those that are wanted). It says
what was cut off, puts into the store what waits, and ends when all of it was read back. Everything here blocks.
"""

import structlog

from server.config import MEDIA_PROCESSES_MOST, Settings
from server.media.reports import reports_path
from server.media.spool import Spool, spool_path

log = structlog.get_logger()


def surplus_numbers(settings: Settings) -> tuple[int, ...]:
    """Return the numbers of those that ever reported here and are not wanted any more."""
    numbers = range(settings.media_processes, MEDIA_PROCESSES_MOST)
    return tuple(one for one in numbers if reports_path(settings.root, settings.media_name_of(one)).exists())


def surplus_names(settings: Settings) -> tuple[str, ...]:
    """Return their names."""
    return tuple(map(settings.media_name_of, surplus_numbers(settings)))


def spool_is_needed(settings: Settings, name: str) -> bool:
    """Say whether a process's spool has anything that was not read back from the store yet, or that nobody can read."""
    try:
        return Spool(spool_path(settings.root, name)).is_needed
    except (OSError, ValueError):
        # It may be a recording that is nowhere else.
        log.exception("spool not read", name=name)
        return True
