"""Several packets to one viewer in one call of the kernel: cut rightly, and each arrives as if sent alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.transport.port import SEGMENTS_BYTES, SEGMENTS_MOST, runs
from server.media.transport.rtp import read_rtp, write_rtp
from tests.media.wire_peer import running_wire


@pytest.mark.parametrize(
    ("lengths", "cut"),
    [
        ([5], [[5]]),
        ([5, 5, 5], [[5, 5, 5]]),
        ([5, 5, 3], [[5, 5, 3]]),
        ([5, 3, 3], [[5, 3], [3]]),
        ([3, 5, 5], [[3], [5, 5]]),
        ([5, 3, 5], [[5, 3], [5]]),
        ([], []),
    ],
)
def test_a_run_has_one_length_and_may_end_with_a_shorter_one(lengths: list[int], cut: list[list[int]]) -> None:
    """Linux, udp(7), UDP_SEGMENT."""
    assert [[len(one) for one in run] for run in runs([bytes(length) for length in lengths])] == cut


@given(st.lists(st.integers(1, 1500), max_size=200))
def test_runs_keep_order_and_stay_within_what_one_call_takes(lengths: list[int]) -> None:
    line = [index.to_bytes(2) + bytes(length) for index, length in enumerate(lengths)]
    found = runs(line)
    assert [one for run in found for one in run] == line
    assert all(len(run) <= SEGMENTS_MOST and sum(map(len, run)) <= SEGMENTS_BYTES for run in found)


@pytest.mark.parametrize("segments", [True, False])
async def test_a_frame_arrives_packet_by_packet_and_in_order(*, segments: bool) -> None:
    """Whether the kernel takes them at once or not."""
    async with running_wire() as wire:
        assert wire.port.segments
        wire.port.segments = segments
        peer = wire.peer()
        srtp = await peer.connect()
        payloads = [bytes([number]) * length for number, length in enumerate([900, 900, 900, 30, 80, 900])]
        for seq, payload in enumerate(payloads):
            peer.connection.send_rtp(write_rtp(96, seq, 0, 7, payload, marker=False))
        await peer.gets(media=len(payloads))
        assert [read_rtp(srtp.unprotect(one)).payload for one in peer.media] == payloads
        assert wire.port.dropped == 0
