"""coturn with the very file that Compose mounts: who gets an address there, by which way, and whom it reaches."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from server.auth.relay import relay_credential
from server.config import load_settings
from tests.parts.certificates import write_certificate
from tests.parts.networks import MEDIA, OTHER, OUTSIDE, TURN, Network, two_networks
from tests.parts.production import ROOT, SITE, Deployment, services
from tests.parts.relaying import Asked, Got, ask_from
from tests.parts.running import part_folder, running
from tests.waiting import wait_until_blocking

PORTS = {"udp": 3478, "tcp": 3478, "tls": 443}
"""Where the file has it listen, by transport."""
TURN_SECRET = {"SIGHTLINE_TURN_SECRET": "a file in the deployment"}
UNAUTHORISED, FORBIDDEN = 401, 403


@dataclass
class Relay:
    """The relay in its network, and people outside of it."""

    deployment: Deployment
    inner: Network
    outer: Network

    def asked(self, transport: str, *, life_s: int = 60, secret: str = "", peer: str = MEDIA) -> Asked:
        """Return a wish with credentials that end in `life_s` seconds."""
        expires_at = datetime.now(UTC) + timedelta(seconds=life_s)
        opens = relay_credential(secret or self.deployment.secret("turn_secret"), "somebody", expires_at=expires_at)
        certificate = str(self.deployment.secrets / "turn.pem")
        return Asked(transport, TURN, PORTS[transport], opens.username, opens.password, peer, certificate)

    def answer(self, asked: Asked) -> Got:
        """Return what somebody outside gets."""
        return ask_from(self.outer, asked)


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """Run coturn as Compose does, with the deployment's addresses, and an echo on every address beside it."""
    with part_folder("relay") as folder, two_networks() as (inner, outer), ExitStack() as stack:
        deployment = Deployment(folder)
        certificate = deployment.secrets / "turn.pem"
        write_certificate(certificate, certificate.with_name("turn.pem.key"), host=SITE["TURN_NAME"], address=TURN)
        opened = Relay(deployment, inner, outer)
        echo = [sys.executable, "-m", "tests.parts.relaying", "echo", MEDIA, OTHER, TURN]
        environment = deployment.environment("turn", {"TURN_ADDRESS": TURN, "MEDIA_ADDRESS": MEDIA})
        parts = {"echo": echo, "turn": deployment.command("turn")}
        for name, command in parts.items():
            here = deployment.folder_of(name)
            env = environment if name == "turn" else {"PYTHONPATH": str(ROOT)}
            stack.enter_context(running(inner.command(*command), folder=here, env=env, ready=lambda: True))
        wait_until_blocking(lambda: works(opened), within_s=30)
        yield opened


def works(relay: Relay) -> bool:
    """Say whether the relay and the echo behind it have started."""
    try:
        return relay.answer(relay.asked("tcp")).echoed
    except subprocess.CalledProcessError:
        return False


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


def test_address_outlives_its_credentials(relay: Relay) -> None:
    """A tour is longer than the credentials' life: what was allocated is refreshed with them after their end."""
    asked = relay.asked("udp", life_s=3)
    after_s = float(asked.username.partition(":")[0]) + 1.5
    assert relay.answer(replace(asked, after_s=after_s)).echoed
