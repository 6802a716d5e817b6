"""Peers that try a path: they connect without any media, and are gone after a few seconds, whatever they do."""

from uuid import UUID, uuid4

import pytest

from server.media.errors import OfferRefused, ProbesBusy
from server.media.probing import PROBES_EACH, PROBES_MOST
from tests.media import offers
from tests.media.peers import Tone
from tests.media.room import Room
from tests.waiting import wait_until

ME = uuid4()


async def probes(room: Room) -> int:
    """Return how many the process counts."""
    return (await room.control.health()).probes


async def test_probe_connects_and_is_closed_by_the_process(room: Room) -> None:
    """ICE and DTLS are done with nothing sent; the same call again is the same answer, another offer is refused."""
    peer, peer_id = room.watcher("audio"), uuid4()
    offer = await peer.offer()
    answer = await room.control.probe(peer_id, offer, who=ME)
    assert await room.control.probe(peer_id, offer, who=ME) == answer
    with pytest.raises(OfferRefused):
        await room.control.probe(peer_id, offers.chromium("recvonly"), who=ME)
    await peer.accept(answer)
    await wait_until(lambda: peer.pc.connectionState == "connected")
    await wait_until(lambda: peer.pc.connectionState == "closed", within_s=10)
    assert (await probes(room), peer.received["audio"]) == (0, [])


async def test_probe_sends_nothing(room: Room) -> None:
    """Neither an offer that would send is taken, nor is there a source or a report of anything."""
    with pytest.raises(OfferRefused):
        await room.control.probe(uuid4(), await room.publisher(Tone(440)).offer(), who=ME)
    await room.control.probe(uuid4(), offers.chromium("recvonly"), who=ME)
    assert (await room.control.health()).sources == ()
    assert await room.reports() == []


async def test_probes_that_never_connect_are_bounded_and_forgotten(room: Room) -> None:
    """One login has a few of them and no more; the bound for all together holds too, and falls as they go."""
    for number in range(PROBES_MOST):
        who = UUID(int=number // PROBES_EACH)
        if not number % PROBES_EACH and number:
            with pytest.raises(ProbesBusy):
                await room.control.probe(uuid4(), offers.chromium("recvonly"), who=UUID(int=0))
        await room.control.probe(UUID(int=number), offers.chromium("recvonly"), who=who)
    with pytest.raises(ProbesBusy):
        await room.control.probe(uuid4(), offers.chromium("recvonly"), who=ME)

    async def all_gone() -> bool:
        return await probes(room) == 0

    await wait_until(all_gone, within_s=20)
    await room.control.probe(uuid4(), offers.chromium("recvonly"), who=ME)
