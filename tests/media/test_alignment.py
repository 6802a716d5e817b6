"""Sound and pictures of one source take paths of different length, and lie beside each other in the recording."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import av
import pytest
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket

from evidence.ids import CaseId, SourceId
from evidence.objects.keys import object_key
from evidence.objects.local import LocalStore
from server.clock import system_clock
from server.media.filing import Filer
from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.publisher import Publisher
from server.media.pump import UpListener
from server.media.recorder import Began, Recorder, RecorderParts
from server.media.reports import ReportLog, SegmentClosed, all_reports
from server.media.spool import Spool
from server.media.tasks import Tasks
from server.media.transport.rtp import RtpPacket
from server.media.wire import Publish, SourceKind
from tests.media.offers import chromium
from tests.media.packets import DELTA_HEAD, KEY_HEAD
from tests.media.wire_peer import running_wire

AUDIO, VIDEO = TrackKind.AUDIO, TrackKind.VIDEO
NTP_S = 3_900_000_000
SSRC = {AUDIO: 3_735_928_559, VIDEO: 11}
FIRST = {AUDIO: 4_294_900_000, VIDEO: 4_294_000_000}
"""RTP timestamps at the sender's zero; both wrap while it sends."""
RATE = {AUDIO: 48, VIDEO: 90}
SILENCE = b"\xf8\xff\xfe"


def rtp(kind: TrackKind, at_ms: int) -> int:
    """Return the timestamp of a moment of the sender's."""
    return (FIRST[kind] + RATE[kind] * at_ms) % (1 << 32)


def stamp(at_ms: int) -> bytes:
    """Return what tells in a payload when it was made."""
    return at_ms.to_bytes(4)


def packets(seconds: int, delay_ms: dict[TrackKind, int]) -> list[tuple[float, RtpPacket]]:
    """Return sound every 20 ms and pictures every 40 ms, a key frame each second, in the order and time they arrive."""
    sent = list[tuple[float, RtpPacket]]()
    for number in range(50 * seconds):
        packet = RtpPacket(111, number, rtp(AUDIO, 20 * number), SSRC[AUDIO], SILENCE + stamp(20 * number))
        sent.append((20 * number + delay_ms[AUDIO], packet))
    for number in range(25 * seconds):
        payload = b"\x10" + (DELTA_HEAD if number % 25 else KEY_HEAD) + stamp(40 * number)
        packet = RtpPacket(96, number, rtp(VIDEO, 40 * number), SSRC[VIDEO], payload, marker=True)
        sent.append((40 * number + delay_ms[VIDEO], packet))
    return sorted(sent, key=lambda item: item[0])


def report(kind: TrackKind, at_ms: int) -> bytes:
    """Return a sender report of a moment."""
    ntp = round((NTP_S + at_ms / 1000) * (1 << 32))
    info = RtcpSenderInfo(ntp_timestamp=ntp, rtp_timestamp=rtp(kind, at_ms), packet_count=0, octet_count=0)
    return bytes(RtcpSrPacket(ssrc=SSRC[kind], sender_info=info))


@dataclass
class Recording:
    """A recorder and what it has reported."""

    recorder: Recorder
    folder: Path

    def begin_and_take(self, frame: EncodedFrame) -> None:
        """Take a frame; the first one begins the source."""
        self.recorder.begin(Began(system_clock(), frame.at_ms))
        self.begin_and_take = self.recorder.take  # type: ignore[method-assign]
        self.recorder.take(frame)

    async def segments(self) -> list[SegmentClosed]:
        """Return the segments that were filed."""
        found = await asyncio.to_thread(lambda: list(all_reports(self.folder / "reports.jsonl")))
        return [one for one in found if isinstance(one, SegmentClosed)]


@asynccontextmanager
async def recording(folder: Path, publisher: Publisher, heard: list[EncodedFrame]) -> AsyncIterator[Recording]:
    """Record what a publisher sends until the block ends; what is reported then is whole."""
    publish = Publish(
        room_id=uuid4(),
        case_id=CaseId(uuid4()),
        source_id=SourceId(uuid4()),
        kind=SourceKind.CAMERA,
        offer_sdp="",
        record=True,
    )
    with ThreadPoolExecutor(1) as executor:
        spool = Spool(folder / "spool")
        await asyncio.to_thread(spool.prepare)
        reports = ReportLog(folder / "reports.jsonl", executor=executor)
        filer = Filer(spool, LocalStore(folder / "objects", executor=executor), reports, executor=executor)
        parts = RecorderParts(spool, filer, reports, executor, system_clock)
        recorder = Recorder(publish, parts, ask_key_frame=lambda: None)
        tasks = Tasks()
        for work in (reports.run(), filer.run(), recorder.run(publisher.sent)):
            tasks.spawn(work)
        made = Recording(recorder, folder)
        yield made
        for frame in heard:
            made.begin_and_take(frame)
        await recorder.finish()
        await filer.drain()
        await reports.flush()
        await tasks.close()


def times_ms(path: Path) -> dict[str, dict[int, float]]:
    """Return the times of the frames of each track of a file, by when they were made."""
    times: dict[str, dict[int, float]] = {"audio": {}, "video": {}}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.pts is not None and packet.time_base is not None:
                made_ms = int.from_bytes(bytes(packet)[-4:])
                times[packet.stream.type][made_ms] = float(packet.pts * packet.time_base * 1000)
    return times


@pytest.mark.parametrize(("sound_ms", "picture_ms"), [(20, 320), (320, 20)])
async def test_skew_of_the_network_is_not_in_the_recording(tmp_path: Path, sound_ms: int, picture_ms: int) -> None:
    """A picture and the sound of its moment have one time, from the first frame on and in every segment."""
    heard = list[EncodedFrame]()
    async with running_wire() as wire:
        publisher = Publisher(wire.port, UpListener(heard.append, lambda _: None, lambda: None, lambda _: None))
        await publisher.answer(chromium("sendonly"), tuple(VideoCodec))
        async with recording(tmp_path, publisher, heard) as made:
            told_ms = {AUDIO: 2_500, VIDEO: 700}
            for arrived_ms, packet in packets(14, {AUDIO: sound_ms, VIDEO: picture_ms}):
                publisher.take_rtp(packet, 1 + arrived_ms / 1000)
                for kind, at_ms in told_ms.items():
                    if arrived_ms > at_ms:
                        publisher.take_rtcp(report(kind, at_ms))
                        told_ms[kind] += 5_000 if kind is AUDIO else 1_000
        await publisher.close()
        segments = await made.segments()
    assert len(segments) == 3
    for segment in segments:
        times = times_ms(tmp_path / "objects" / object_key(segment.case_id, segment.digest))
        both = times["audio"].keys() & times["video"].keys()
        assert len(both) >= 50
        assert max(abs(times["audio"][made_ms] - times["video"][made_ms]) for made_ms in both) <= 1.5
        assert min(times["video"]) - min(times["audio"]) <= 20
