"""By which way a participant's media can go, and when a test of it is worth an entry. Pure."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Final

SAME_FOR: Final = timedelta(minutes=10)
"""A test that says again what the last one said is stated again after this time only."""


class Way(StrEnum):
    """A way to the media port, the best first: past every middleman, or by the relay over ever more patient transports.

    `relay_tls` on port 443 is what a strict firewall lets through, for it looks like a web page.
    """

    DIRECT = "direct"
    RELAY_UDP = "relay_udp"
    RELAY_TCP = "relay_tcp"
    RELAY_TLS = "relay_tls"


def best_of(worked: Collection[Way]) -> Way | None:
    """Return the way that media will take; None when no way worked."""
    return next((way for way in Way if way in worked), None)


def in_order(ways: Collection[Way]) -> tuple[Way, ...]:
    """Return the ways once each, the best first."""
    return tuple(way for way in Way if way in ways)


def is_news(worked: tuple[Way, ...], last: tuple[Way, ...], since_last: timedelta) -> bool:
    """Say whether a test is stated: another result than the last one, or the same after a while."""
    return worked != last or since_last >= SAME_FOR
