"""coturn with the very file that Compose mounts: who gets an address there, by which way, and whom it reaches."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.config import load_settings
from tests.parts.networks import OTHER, OUTSIDE, TURN
from tests.parts.production import SITE, services
from tests.parts.relay_part import PORTS, Relay, relay_part
from tests.parts.relaying import Got, hold_from

TURN_SECRET = {"SIGHTLINE_TURN_SECRET": "a file in the deployment"}
UNAUTHORISED, FORBIDDEN, QUOTA_REACHED = 401, 403, 486


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """Run coturn as Compose does."""
    with relay_part() as opened:
        yield opened


def test_people_are_told_where_it_listens() -> None:
    """The API has the addresses, by the name that the certificate is for, and the secret as a file."""
    api = services()["api"]
    urls = [f"{'turns' if way == 'tls' else 'turn'}:{SITE['TURN_NAME']}:{port}" for way, port in PORTS.items()]
    told = load_settings({name: value for name, value in api.environment.items() if "TURN" in name} | TURN_SECRET)
    assert [url.partition("?")[0] for url in told.relays] == urls
    assert [url.partition("?")[2] for url in told.relays] == ["transport=udp", "transport=tcp", "transport=tcp"]
    assert api.secrets["turn_secret"] == "sightline_turn_secret"


@pytest.mark.parametrize("transport", PORTS)
def test_media_address_is_reached_by_every_way(relay: Relay, transport: str) -> None:
    got = relay.answer(relay.asked(transport))
    assert (got.relayed, got.error, got.echoed) == (TURN, None, True)


@pytest.mark.parametrize("peer", [OTHER, TURN, OUTSIDE, "127.0.0.1", "10.77.0.255", "224.0.0.1"])
def test_nobody_but_the_media_address_is_reached(relay: Relay, peer: str) -> None:
    """Neighbours, the relay itself, whoever asks, the loopback, and many at once: an address, and no way on from it."""
    got = relay.answer(relay.asked("udp", peer=peer))
    assert (got.relayed, got.error, got.echoed) == (TURN, FORBIDDEN, False)


@pytest.mark.parametrize("transport", PORTS)
def test_wrong_and_expired_credentials_get_no_address(relay: Relay, transport: str) -> None:
    for asked in (relay.asked(transport, secret="guessed"), relay.asked(transport, life_s=-1)):
        assert relay.answer(asked) == Got(None, UNAUTHORISED, echoed=False)


def test_name_that_was_changed_gets_no_address(relay: Relay) -> None:
    """The password is of the whole name: nobody gives themselves longer, or another's quota."""
    asked = relay.asked("udp")
    expiry, _, holder = asked.username.partition(":")
    for name in (f"{int(expiry) + 3600}:{holder}", f"{expiry}:another", holder):
        assert relay.answer(replace(asked, username=name)) == Got(None, UNAUTHORISED, echoed=False)


def test_one_person_cannot_take_all_addresses(relay: Relay) -> None:
    """However often they are given credentials, the hundred-and-first is refused; the others are given back."""
    wishes = [relay.asked("udp", life_s=60 + number, holder="crowd") for number in range(101)]
    assert hold_from(relay.outer, wishes) == [None] * 100 + [QUOTA_REACHED]
    assert relay.answer(relay.asked("udp")).echoed


def test_address_outlives_its_credentials(relay: Relay) -> None:
    """A tour is longer than the credentials' life: what was allocated is refreshed with them after their end."""
    asked = relay.asked("udp", life_s=3)
    after_s = float(asked.username.partition(":")[0]) + 1.5
    assert relay.answer(replace(asked, after_s=after_s)).echoed
