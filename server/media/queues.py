"""The bounded queue between a source and one viewer's track."""

import asyncio
from collections import deque
from collections.abc import Callable

from server.media.frames import EncodedFrame, TrackKind

BOUNDS = {TrackKind.AUDIO: 50, TrackKind.VIDEO: 45}
"""Frames held for one viewer: one second of sound, one and a half of pictures."""


class ViewerQueue:
    """Frames of one track on their way to one viewer.

    Overflow: sound loses its oldest frame. Pictures are dropped, all that wait and all that come, up to the next key
    frame, which is asked for: half a group of pictures shows nothing but smear.
    """

    def __init__(self, track: TrackKind, *, ask_key_frame: Callable[[], None]) -> None:
        self.track = track
        self.dropped = 0
        self._ask_key_frame = ask_key_frame
        self._frames: deque[EncodedFrame] = deque()
        self._filled = asyncio.Event()
        self._until_key = track is TrackKind.VIDEO

    @property
    def needs_key_frame(self) -> bool:
        """Whether it drops everything up to a key frame."""
        return self._until_key

    def __len__(self) -> int:
        return len(self._frames)

    def take(self, frame: EncodedFrame) -> None:
        """Add a frame, or drop by the rule above."""
        if frame.track is not self.track:
            return
        if frame.key_size is not None:
            self._until_key = False
        if self._until_key:
            self.dropped += 1
            return
        if len(self._frames) >= BOUNDS[self.track]:
            self._overflow(frame)
        if not self._until_key:
            self._frames.append(frame)
            self._filled.set()

    def lost(self, track: TrackKind) -> None:
        """Wait for a key frame: the pictures after a missing one cannot be decoded."""
        if track is self.track and track is TrackKind.VIDEO:
            self._until_key = True
            self._ask_key_frame()

    async def next(self) -> EncodedFrame:
        """Return the oldest frame, waiting for one."""
        while not self._frames:
            self._filled.clear()
            await self._filled.wait()
        return self._frames.popleft()

    def _overflow(self, frame: EncodedFrame) -> None:
        if self.track is TrackKind.AUDIO:
            self._frames.popleft()
            self.dropped += 1
            return
        self.dropped += len(self._frames)
        self._frames.clear()
        if frame.key_size is None:
            self.dropped += 1
            self._until_key = True
            self._ask_key_frame()
