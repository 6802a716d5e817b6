"""The narrow interface between connections and what Sightline does with them; another engine would be put behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.timeline import Sent
from server.media.transport.upstream import UpPacket, UpStream
from server.media.wire import Patched


class PacketSink(Protocol):
    """Whoever gets the packets of one stream as they come: a viewer's stream."""

    @property
    def kind(self) -> TrackKind:
        """Of which kind the packets are to be."""
        ...

    @property
    def needs_key_frame(self) -> bool:
        """Whether nothing can go on without a key frame."""
        ...

    def take(self, packet: UpPacket) -> None:
        """Take a packet in the order of arrival. Must not block."""
        ...

    def begin_anew(self) -> None:
        """Know that the next packets are another stream's."""
        ...


class UpTrack(Protocol):
    """The connection of one publication: what a source sends us, seen from the server."""

    async def answer(self, offer_sdp: str, video: tuple[VideoCodec, ...]) -> str:
        """Answer the publisher's offer; frames come to the listener afterwards. Raises: OfferRefused.

        Args: video: codecs for its pictures, the best first; others are not taken.
        """
        ...

    @property
    def tracks(self) -> frozenset[TrackKind]:
        """The kinds the offer has; known once answered."""
        ...

    @property
    def sent(self) -> Sent:
        """What it sends and its clock; known once answered."""
        ...

    @property
    def needs_key_frame(self) -> bool:
        """Whether somebody attached can go on with nothing else."""
        ...

    def attach(self, down: PacketSink) -> None:
        """Send packets of its kind to `down` from the next one on; a kind that is not sent is no error."""
        ...

    def detach(self, down: PacketSink) -> None:
        """Stop sending to `down`; one that was not attached is no error."""
        ...

    def stream(self, kind: TrackKind) -> UpStream | None:
        """Return the stream of a kind, None before its first packet."""
        ...

    async def ask_key_frame(self) -> None:
        """Send one picture loss indication; the caller limits how often."""
        ...

    def pass_over(self) -> None:
        """Make no frame of anything that was sent before what came last, also when it comes later."""
        ...

    @property
    def etag(self) -> str:
        """The tag of the present ICE session; known once answered."""
        ...

    def patch(self, fragment: str, if_match: str) -> Patched:
        """Take more of the peer's ICE. Raises: OfferRefused, IceSessionChanged."""
        ...

    async def close(self) -> None:
        """End the connection. Safe to repeat."""
        ...


@dataclass(frozen=True)
class Feed:
    """What a slot of a viewer shows: a source's connection, and what asks that source for a key frame."""

    up: UpTrack
    ask_key_frame: Callable[[], None]


class DownLink(Protocol):
    """The connection to one viewer."""

    async def answer(self, offer_sdp: str) -> str:
        """Answer the viewer's offer. Raises: OfferRefused."""
        ...

    def show(self, slot: int, feed: Feed | None) -> bool:
        """Let a slot show something else from the next key frame on, or nothing.

        Returns: whether there is that slot.
        """
        ...

    @property
    def etag(self) -> str:
        """The tag of the present ICE session; known once answered."""
        ...

    def patch(self, fragment: str, if_match: str) -> Patched:
        """Take more of the peer's ICE. Raises: OfferRefused, IceSessionChanged."""
        ...

    async def close(self) -> None:
        """End the connection. Safe to repeat."""
        ...


@dataclass(frozen=True)
class UpListener:
    """What a publisher's connection tells; all on the event loop, none may block."""

    frame: Callable[[EncodedFrame], None]
    lost: Callable[[TrackKind], None]
    connected: Callable[[], None]
    closed: Callable[[str], None]
    """With the reason; said at most once."""


@dataclass(frozen=True)
class ViewerListener:
    """What a viewer's connection tells; all on the event loop, none may block."""

    connected: Callable[[], None]
    closed: Callable[[str], None]
    """With the reason; said at most once."""
