"""'Show, do not store': nothing is stored that was captured or came while the room was hidden."""

import time
from pathlib import Path
from uuid import UUID, uuid4

import av

from server.media.frames import TrackKind
from server.media.hiding import ROOMS_REMEMBERED, Hidings
from server.media.publisher import Publisher
from server.media.recorder import SENT_MS
from server.media.reports import GapReason
from server.media.transport.rtp import RtpPacket
from tests.media.packets import DELTA_HEAD, KEY_HEAD
from tests.media.recorders import recorded_source

AUDIO, VIDEO = TrackKind.AUDIO, TrackKind.VIDEO
EVERY_MS = {AUDIO: 20, VIDEO: 40}
HIDDEN, MISSING, SHOWN = 1_000, 1_600, 2_000
"""When the room is hidden, from when a packet is late, and when the room is stored again, ms."""
END = 6_000


def packet(kind: TrackKind, made_ms: int) -> RtpPacket:
    """Return the sound or the picture of a moment; five pictures a second are key frames."""
    number, stamp = made_ms // EVERY_MS[kind], made_ms.to_bytes(4)
    if kind is AUDIO:
        return RtpPacket(111, number, 48 * made_ms, 1, b"\xf8\xff\xfe" + stamp)
    payload = b"\x10" + (DELTA_HEAD if number % 5 else KEY_HEAD) + stamp
    return RtpPacket(96, number, 90 * made_ms, 2, payload, marker=True)


def moments(begin_ms: int, end_ms: int, kind: TrackKind) -> list[int]:
    """Return when a kind's packets of a stretch are made."""
    return list(range(begin_ms, end_ms, EVERY_MS[kind]))


class Sender:
    """Gives a source its packets as if they came at once, on a clock that began `SHOWN` ms ago."""

    def __init__(self, up: Publisher) -> None:
        self._up = up
        self._zero_s = time.monotonic() - SHOWN / 1000

    def send(self, begin_ms: int, end_ms: int, *, but: int | None = None) -> None:
        """Send a stretch. Args: but: of each kind the packet of this moment is lost for now."""
        made = sorted((at_ms, kind) for kind in TrackKind for at_ms in moments(begin_ms, end_ms, kind))
        for at_ms, kind in made:
            if at_ms != but:
                self._up.take_rtp(packet(kind, at_ms), self._zero_s + at_ms / 1000)


def stored(path: Path) -> dict[TrackKind, list[int]]:
    """Return when the frames of a file were made."""
    found: dict[TrackKind, list[int]] = {AUDIO: [], VIDEO: []}
    with av.open(str(path)) as container:
        for one in container.demux():
            if one.pts is not None:
                found[TrackKind(one.stream.type)].append(int.from_bytes(bytes(one)[-4:]))
    return found


async def test_nothing_of_a_hidden_stretch_is_stored_though_it_waited_for_a_lost_packet(tmp_path: Path) -> None:
    """Neither what came and waited until the hole before it was filled, nor what was under way at the end."""
    async with recorded_source(tmp_path) as (made, source, up):
        sender = Sender(up)
        sender.send(0, HIDDEN)
        source.set_private(on=True)
        sender.send(HIDDEN, SHOWN, but=MISSING)
        source.set_private(on=False)
        for kind in TrackKind:
            up.take_rtp(packet(kind, MISSING), time.monotonic())
        sender.send(SHOWN, END)
    first, second = (stored(made.file(segment)) for segment in made.segments)
    for kind in TrackKind:
        assert first[kind] == moments(first[kind][0], HIDDEN, kind)
        assert second[kind] == moments(second[kind][0], END, kind)
        assert second[kind][0] >= SHOWN + SENT_MS
    (gap,) = made.gaps
    assert (gap.reason, gap.track) == (GapReason.PRIVATE, None)
    assert (gap.start_ms, gap.end_ms) == (made.segments[0].end_ms, made.segments[1].start_ms)


async def test_nothing_is_stored_after_the_room_was_hidden_though_it_was_sent_before(tmp_path: Path) -> None:
    """What waits for a lost packet at the beginning of a hidden stretch came too late, filled or given up."""
    async with recorded_source(tmp_path) as (made, source, up):
        sender = Sender(up)
        sender.send(0, SHOWN, but=MISSING)
        source.set_private(on=True)
        for kind in TrackKind:
            up.take_rtp(packet(kind, MISSING), time.monotonic())
        sender.send(SHOWN, END)
    (only,) = (stored(made.file(segment)) for segment in made.segments)
    assert only == {kind: moments(only[kind][0], MISSING, kind) for kind in TrackKind}


def test_hiding_is_ended_by_who_meant_it_alone() -> None:
    """Whoever looked before it was hidden anew knows nothing of what began since."""
    hidings, room, other = Hidings(), uuid4(), uuid4()
    hidings.hide(room)
    seen = hidings.last(room)
    hidings.hide(room)
    assert not hidings.end(room, hiding=seen)
    assert (hidings.is_hidden(room), hidings.is_hidden(other)) == (True, False)
    assert hidings.end(room, hiding=hidings.last(room))
    assert not hidings.is_hidden(room)
    hidings.hide(other)
    assert hidings.end(other, hiding=None)
    assert hidings.last(other) > hidings.last(room) > seen > hidings.last(uuid4())


def test_no_more_hidings_are_remembered_than_the_bound() -> None:
    hidings = Hidings()
    for number in range(ROOMS_REMEMBERED + 1):
        hidings.hide(UUID(int=number))
    assert [hidings.is_hidden(UUID(int=number)) for number in (0, 1, ROOMS_REMEMBERED)] == [False, True, True]
