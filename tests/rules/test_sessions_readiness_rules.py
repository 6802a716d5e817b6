"""By which way media can go, and which test of it is worth an entry."""

from datetime import timedelta

import pytest

from sessions.readiness.rules import SAME_FOR, Way, best_of, in_order, is_news

ALL = tuple(Way)


@pytest.mark.parametrize(
    ("worked", "best"),
    [
        ((), None),
        (ALL, "direct"),
        (("relay_tls", "relay_udp"), "relay_udp"),
        (("relay_tls", "relay_tcp"), "relay_tcp"),
        (("relay_tls",), "relay_tls"),
    ],
)
def test_best_way_has_the_fewest_middlemen(worked: tuple[Way, ...], best: str | None) -> None:
    assert best_of([Way(way) for way in worked]) == best


def test_ways_are_named_once_and_the_best_first() -> None:
    assert in_order([Way.RELAY_TLS, Way.DIRECT, Way.RELAY_TLS]) == (Way.DIRECT, Way.RELAY_TLS)


@pytest.mark.parametrize(
    ("worked", "last", "since_s", "news"),
    [
        ((Way.DIRECT,), (Way.DIRECT,), 0, False),
        ((Way.DIRECT,), (Way.DIRECT,), SAME_FOR.total_seconds() - 1, False),
        ((Way.DIRECT,), (Way.DIRECT,), SAME_FOR.total_seconds(), True),
        ((), (Way.DIRECT,), 0, True),
        (ALL, (Way.DIRECT,), 0, True),
    ],
)
def test_another_result_is_news_and_the_same_one_only_later(
    worked: tuple[Way, ...], last: tuple[Way, ...], since_s: float, *, news: bool
) -> None:
    assert is_news(worked, last, timedelta(seconds=since_s)) is news
