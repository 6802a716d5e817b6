"""One room of one case on a media process, as the API would run it."""

import asyncio
import math
import subprocess
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from aiortc import MediaStreamTrack

from evidence.ids import CaseId, SourceId
from evidence.objects.keys import object_key
from server.media.control import MediaControl
from server.media.errors import MediaUnavailable
from server.media.frames import VideoCodec
from server.media.reports import Report, SegmentClosed, SourceEnded, SourceLive, all_reports, reports_path
from server.media.wire import Publish, SourceKind, SourceStats
from server.media.worker import MediaSettings
from tests.media.peers import PublishingPeer, RoomPeer, WatchingPeer
from tests.parts.networks import Network
from tests.waiting import wait_until

Kind = TypeVar("Kind")


@dataclass
class Room:
    """Publishes and watches, and reads what was reported."""

    settings: MediaSettings
    control: MediaControl
    room_id: UUID = field(default_factory=uuid4)
    case_id: CaseId = field(default_factory=lambda: CaseId(uuid4()))
    publishers: list[PublishingPeer] = field(default_factory=list)
    viewers: list[WatchingPeer | RoomPeer] = field(default_factory=list)

    def publisher(self, *tracks: MediaStreamTrack, video: VideoCodec | None = None) -> PublishingPeer:
        """Return a peer that hangs up when the test ends."""
        peer = PublishingPeer(*tracks, video=video)
        self.publishers.append(peer)
        return peer

    def watcher(self, *kinds: str) -> WatchingPeer:
        """Return a peer that receives and hangs up when the test ends."""
        peer = WatchingPeer(*kinds)
        self.viewers.append(peer)
        return peer

    async def call(
        self, source_id: SourceId, offer_sdp: str, *, record: bool = False, kind: SourceKind = SourceKind.CAMERA
    ) -> str:
        """Publish an offer into this room and case, and return the answer."""
        answered = await self.control.publish(
            Publish(
                room_id=self.room_id,
                case_id=self.case_id,
                source_id=source_id,
                kind=kind,
                offer_sdp=offer_sdp,
                record=record,
            )
        )
        return answered.answer_sdp

    async def publish(
        self,
        *tracks: MediaStreamTrack,
        record: bool = False,
        kind: SourceKind = SourceKind.CAMERA,
        video: VideoCodec | None = None,
    ) -> SourceId:
        """Publish the tracks as one source and wait for its first frame."""
        peer = self.publisher(*tracks, video=video)
        source_id = SourceId(uuid4())
        await peer.accept(await self.call(source_id, await peer.offer(), record=record, kind=kind))
        await wait_until(lambda: self.reported(SourceLive, source_id))
        return source_id

    async def watch(self, source_id: SourceId, *kinds: str, video: VideoCodec | None = None) -> WatchingPeer:
        """Watch a source with the given kinds of media."""
        viewer = WatchingPeer(*kinds, video=video)
        self.viewers.append(viewer)
        answered = await self.control.watch(source_id, peer_id=uuid4(), offer_sdp=await viewer.offer())
        await viewer.accept(answered.answer_sdp)
        return viewer

    async def watch_room(self, *, audio: int, video: int) -> RoomPeer:
        """Watch the room with as many slots."""
        viewer = RoomPeer(audio=audio, video=video)
        self.viewers.append(viewer)
        answered = await self.control.watch_room(
            self.room_id, case_id=self.case_id, peer_id=viewer.peer_id, offer_sdp=await viewer.offer()
        )
        await viewer.accept(answered.answer_sdp)
        return viewer

    async def stats(self, source_id: SourceId) -> SourceStats:
        """Return the source's counters."""
        health = await self.control.health()
        return next(source for source in health.sources if source.source_id == source_id)

    async def reports(self) -> list[Report]:
        """Return everything reported so far."""
        path = reports_path(self.settings.root, self.settings.name)
        return await asyncio.to_thread(lambda: list(all_reports(path)))

    async def reported(self, kind: type[Kind], source_id: SourceId) -> list[Kind]:
        """Return the reports of one kind about one source."""
        reports = await self.reports()
        about = [report for report in reports if isinstance(report, kind)]
        return [report for report in about if getattr(report, "source_id", None) == source_id]

    async def segments(self, source_id: SourceId) -> list[SegmentClosed]:
        """Return the source's segments that were put into the store."""
        return await self.reported(SegmentClosed, source_id)

    async def ended(self, source_id: SourceId) -> SourceEnded:
        """Wait for the source's end and all its segments, and return the report of the end."""
        ends = await wait_until(lambda: self.reported(SourceEnded, source_id))

        async def all_there() -> bool:
            return len(await self.segments(source_id)) == ends[0].segments

        await wait_until(all_there)
        return ends[0]

    def stored(self, segment: SegmentClosed) -> Path:
        """Return the file of a segment in the local store."""
        return self.settings.root / "objects" / object_key(segment.case_id, segment.digest)

    async def close(self) -> None:
        """Hang everybody up."""
        for peer in self.publishers:
            await peer.pc.close()
        for viewer in self.viewers:
            await viewer.close()


@asynccontextmanager
async def media_process(
    settings: MediaSettings, control: MediaControl, *, inside: Network | None = None
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Run a media process of its own until the block ends, and enter the block when it answers.

    Args: inside: the network it is to be in.
    """
    command = [sys.executable, "-m", "tests.media.process", str(settings.root), str(settings.socket_path)]
    command += settings.addresses
    if inside is not None:
        command = inside.command(*command)
    process = await asyncio.to_thread(subprocess.Popen, command)

    async def answers() -> bool:
        assert process.poll() is None
        try:
            await control.health()
        except MediaUnavailable:
            return False
        return True

    try:
        await wait_until(answers, within_s=20)
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


def probe(path: Path, *entries: str) -> str:
    """Return what ffprobe says of the file, one value a line."""
    command = ["ffprobe", "-v", "error", "-show_entries", ":".join(entries), "-of", "default=nw=1:nk=1", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def loudest_pitch(path: Path, candidates: tuple[float, ...]) -> float:
    """Return which of the pitches is strongest in the sound of a file (one bin of a Fourier transform each)."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    samples = array("h", subprocess.run(command, check=True, capture_output=True).stdout)

    def power(hertz: float) -> float:
        step = 2 * math.pi * hertz / 8000
        real = sum(value * math.cos(step * n) for n, value in enumerate(samples))
        imaginary = sum(value * math.sin(step * n) for n, value in enumerate(samples))
        return real * real + imaginary * imaginary

    return max(candidates, key=power)
