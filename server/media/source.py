"""One publication: its connection, the frames it sends down, its key-frame requests, and its end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from server.clock import Clock
from server.media.frames import DownTrack, EncodedFrame, TrackKind
from server.media.pump import Feed, UpListener, UpTrack
from server.media.recorder import Began, Recorder
from server.media.reports import ReportLog, SourceEnded, SourceInterrupted, SourceLive, SourceResumed, header
from server.media.tasks import Tasks
from server.media.wire import Publish, SourceStats

KEY_FRAME_EVERY_S = 0.5
"""Least time between two key-frame requests to one publisher: each costs it several times an ordinary frame."""
CONNECT_WITHIN_S = 20.0
"""Bound for a publisher's or viewer's ICE and DTLS."""
SILENT_AFTER_S = 3.0
"""A source without any packet for this long is interrupted; sound alone sends fifty a second."""


async def expect(connected: asyncio.Event, *, tell_over: Callable[[str], None]) -> None:
    """Wait for a connection, and tell that it is over when it does not come up in time."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            await connected.wait()
    except TimeoutError:
        tell_over("never_connected")


@dataclass(frozen=True)
class SourceParts:
    """What a source needs of its process."""

    reports: ReportLog
    clock: Clock
    open_up_track: Callable[[UpListener], UpTrack]
    open_recorder: Callable[[Publish, Callable[[], None]], Recorder]
    """Given what asks the source for a key frame."""


@dataclass
class Counts:
    """What passed through one source since it began."""

    video_frames: int = 0
    audio_frames: int = 0
    key_frames: int = 0
    key_frame_requests: int = 0


class Source:
    """A live publication. Its owner calls `answer`, then `tick` twice a second, and `end` once it may be over."""

    def __init__(self, publish: Publish, parts: SourceParts, *, over: Callable[["Source", str], None]) -> None:
        """Take what the API said, the process's parts, and whom to tell that the connection is over."""
        self.publish = publish
        self.counts = Counts()
        self.viewers = 0
        self.began: Began | None = None
        self._parts = parts
        self._over = over
        self._tasks = Tasks()
        self._answered = False
        self._connected = asyncio.Event()
        self._down: list[DownTrack] = []
        self._last_frame_s = time.monotonic()
        self._interrupted = False
        self._asked_s = -KEY_FRAME_EVERY_S
        self._ask_waits = False
        self.up = parts.open_up_track(
            UpListener(frame=self._pass_on, lost=self._tell_lost, connected=self._connected.set, closed=self._tell_over)
        )
        self.recorder = parts.open_recorder(publish, self.ask_key_frame) if publish.record else None
        if self.recorder is not None:
            self._down.append(self.recorder)

    @property
    def feed(self) -> Feed:
        """What a viewer's slot needs to show it."""
        return Feed(self.up, self.ask_key_frame)

    @property
    def tracks(self) -> frozenset[TrackKind]:
        """The kinds of media it sends."""
        return self.up.tracks

    async def answer(self) -> str:
        """Answer the publisher's offer. Raises: OfferRefused, and then the source is nothing."""
        answer_sdp = await self.up.answer(self.publish.offer_sdp, self.publish.video_codecs)
        self._answered = True
        self._tasks.spawn(expect(self._connected, tell_over=self._tell_over))
        if self.recorder is not None:
            self._tasks.spawn(self.recorder.run(self.up.sent), failed=lambda: self._tell_over("recorder_failed"))
        return answer_sdp

    def attach(self, down: DownTrack) -> None:
        """Send frames to `down` from the next one on, beginning with a key frame asked for now."""
        self._down.append(down)
        self.ask_key_frame()

    def detach(self, down: DownTrack) -> None:
        """Stop sending to `down`; one that was not attached is no error."""
        if down in self._down:
            self._down.remove(down)

    def ask_key_frame(self) -> None:
        """Ask the publisher for a key frame, now or as soon as the last request is old enough."""
        if self._ask_waits or TrackKind.VIDEO not in self.tracks:
            return
        self._ask_waits = True
        self._tasks.spawn(self._ask())

    def set_private(self, *, on: bool) -> None:
        """Stop or restart storing; when this returns, no later frame is stored, or none that was sent earlier."""
        if self.recorder is not None:
            if not on and self.recorder.private:
                self.up.pass_over()
            self.recorder.set_private(on=on)
            self.ask_key_frame()

    def tick(self) -> None:
        """Look after what only time tells: silence, and key frames that were asked for and did not come."""
        silent = self.began is not None and time.monotonic() - self._last_frame_s > SILENT_AFTER_S
        if silent and not self._interrupted:
            self._interrupted = True
            at = self._parts.clock()
            since = at - timedelta(seconds=time.monotonic() - self._last_frame_s)
            self._parts.reports.post(SourceInterrupted(**header(self.publish, at), since=since))
        if not silent and (self.up.needs_key_frame or any(down.needs_key_frame for down in self._down)):
            self.ask_key_frame()

    async def end(self, reason: str) -> None:
        """Close the connection and the recording; return when its end is on disk, if it was answered. Call once."""
        await self.up.close()
        if self._answered:
            segments = 0 if self.recorder is None else await self.recorder.finish()
            at = self._parts.clock()
            await self._parts.reports.post(SourceEnded(**header(self.publish, at), reason=reason, segments=segments))
        await self._tasks.close()

    def stats(self) -> SourceStats:
        """Return what passed through so far."""
        return SourceStats(
            source_id=self.publish.source_id,
            room_id=self.publish.room_id,
            kind=self.publish.kind,
            viewers=self.viewers,
            video_frames=self.counts.video_frames,
            audio_frames=self.counts.audio_frames,
            key_frames=self.counts.key_frames,
            key_frame_requests=self.counts.key_frame_requests,
            private=self.recorder is not None and self.recorder.private,
            hiding=0,
        )

    def _pass_on(self, frame: EncodedFrame) -> None:
        self._last_frame_s = time.monotonic()
        if self.began is None or self._interrupted:
            self._note_arrival(frame)
        if frame.track is TrackKind.AUDIO:
            self.counts.audio_frames += 1
        else:
            self.counts.video_frames += 1
            self.counts.key_frames += frame.key_size is not None
        for down in self._down:
            down.take(frame)

    def _note_arrival(self, frame: EncodedFrame) -> None:
        at = self._parts.clock()
        if self.began is None:
            self.began = Began(at, frame.at_ms)
            if self.recorder is not None:
                self.recorder.begin(self.began)
            live = SourceLive(
                **header(self.publish, at),
                source_kind=self.publish.kind,
                started_at=at,
                recorded=self.publish.record,
            )
            self._parts.reports.post(live)
        if self._interrupted:
            self._interrupted = False
            self._parts.reports.post(SourceResumed(**header(self.publish, at)))

    def _tell_lost(self, track: TrackKind) -> None:
        for down in self._down:
            down.lost(track)
        self.ask_key_frame()

    def _tell_over(self, reason: str) -> None:
        self._over(self, reason)

    async def _ask(self) -> None:
        await asyncio.sleep(max(0.0, self._asked_s + KEY_FRAME_EVERY_S - time.monotonic()))
        self._ask_waits = False
        self._asked_s = time.monotonic()
        self.counts.key_frame_requests += 1
        await self.up.ask_key_frame()
