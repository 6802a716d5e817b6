"""Time zones by their IANA names."""

from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from sessions.errors import UnknownTimeZone

# Read once, with the program: a zone's file read on first use would stop the event loop.
_ZONES: Final = {name: ZoneInfo(name) for name in available_timezones()}


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone; raises UnknownTimeZone."""
    zone = _ZONES.get(name)
    if zone is None:
        raise UnknownTimeZone(time_zone=name)
    return zone
