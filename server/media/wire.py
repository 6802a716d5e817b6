"""The records that cross the control socket. The media process believes them: who may ask is the API's question."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from evidence.ids import CaseId, SegmentId, SourceId
from evidence.records import Count, Instant, Json, Record
from server.media.frames import VideoCodec

SDP_LIMIT = 64_000
"""Longest offer in characters; a browser's has about 8,000."""


FRAGMENT_LIMIT = 16_000
"""Longest fragment of an offer in characters."""
ANY_ICE_SESSION = "*"
SLOTS_MOST = 8
"""Most sources that a viewer of a room has on one connection."""


class SourceKind(StrEnum):
    """What a publication shows; it stays with everything made from it."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"


class OfferFault(StrEnum):
    """Why an offer was refused."""

    UNREADABLE = "unreadable"
    NO_MEDIA = "no_media"
    NO_COMMON_CODEC = "no_common_codec"
    TOO_MANY_TRACKS = "too_many_tracks"
    WRONG_DIRECTION = "wrong_direction"
    NOT_BUNDLED = "not_bundled"
    """Its tracks do not share one connection."""
    ID_TAKEN = "id_taken"


class Publish(Record):
    """Take a source. The same ids with the same offer get the same answer, so a repeated call is harmless."""

    room_id: UUID
    """The validation session; its sources share `SetPrivate`."""
    case_id: CaseId
    """The case that its segments are stored under."""
    source_id: SourceId
    """New for each publication; one that has ended is never taken again."""
    kind: SourceKind
    offer_sdp: str = Field(max_length=SDP_LIMIT)
    """Sends at most one audio and one video track."""
    record: bool
    """Whether it is recorded into the case."""
    private: bool = False
    """Whether 'Show, do not store' is on in this room; a restarted media process has forgotten it."""
    video_codecs: tuple[VideoCodec, ...] = (VideoCodec.VP8, VideoCodec.H264)
    """Which codecs its pictures may have, the best first."""


class Watch(Record):
    """Send one source to one viewer."""

    source_id: SourceId
    peer_id: UUID
    offer_sdp: str = Field(max_length=SDP_LIMIT)


class WatchRoom(Record):
    """Open a connection to one viewer with a slot for each sound and each picture offered; they show nothing yet."""

    room_id: UUID
    case_id: CaseId
    peer_id: UUID
    offer_sdp: str = Field(max_length=SDP_LIMIT)


class Probe(Record):
    """Answer one who tries the path to the media port, and close it after a few seconds. No media, no room."""

    peer_id: UUID
    offer_sdp: str = Field(max_length=SDP_LIMIT)
    who: UUID
    """Whose probe it is: each may try a few paths at a time."""


class ShowSources(Record):
    """Say what the slots of a viewer show from now on; a slot that is not named shows nothing."""

    peer_id: UUID
    sources: tuple[SourceId | None, ...] = Field(max_length=SLOTS_MOST)


class Shown(Record):
    """What the slots show now: None where there is no such slot, or no such source in the viewer's room any more."""

    sources: tuple[SourceId | None, ...]


class Answered(Record):
    """The answer to an offer, and the tag of the ICE session it begins."""

    answer_sdp: str
    etag: str


class PatchIce(Record):
    """Take a fragment of a peer's ICE: more candidates, or new credentials, which restart it."""

    peer_id: UUID
    """The source's id or the viewer's."""
    fragment: str = Field(max_length=FRAGMENT_LIMIT)
    if_match: str = Field(max_length=60)
    """The ICE session the caller means, by its tag; `*` for whichever it is."""


class Patched(Record):
    """What came of it: our own fragment after a restart, and the tag of the ICE session."""

    fragment: str | None
    etag: str


class EndSource(Record):
    """Stop a source and everyone who watches it; an unknown one is already what the caller wants."""

    source_id: SourceId
    reason: str = Field(default="unpublished", max_length=60)


class EndViewer(Record):
    """Stop one viewer; an unknown one is already what the caller wants."""

    peer_id: UUID


class SetPrivate(Record):
    """Turn 'Show, do not store' of a room on or off; when this is answered, no later frame is stored."""

    room_id: UUID
    on: bool
    reason: str = Field(max_length=200)
    hiding: Count | None = None
    """Off: only if the room was not hidden again since this hiding; None ends whichever it is."""


class TakeStill(Record):
    """Decode the next key frame of a source."""

    source_id: SourceId


class Still(Record):
    """What came with a still's JPEG bytes: pixels, and the server's time at which its frame arrived."""

    width: Count
    height: Count
    captured_at: Instant


class Refile(Record):
    """Put a segment into the store again that was not found there."""

    segment_id: SegmentId


class Refiled(Record):
    """Whether the store has the segment now; it has not when its local copy is gone or damaged."""

    stored: bool


class SpoolFreed(Record):
    """Delete the local copy of a segment that is filed and verified."""

    segment_id: SegmentId


class SourceStats(Record):
    """One live source, as it is now."""

    source_id: SourceId
    room_id: UUID
    kind: SourceKind
    viewers: Count
    video_frames: Count
    audio_frames: Count
    key_frames: Count
    key_frame_requests: Count
    private: bool
    hiding: Count
    """The number of its room's last hiding, 0 for none."""


class Datagrams(Record):
    """What the port and its streams lost or left unread since the process began."""

    dropped: Count
    """Not sent, for the socket's buffer was full."""
    strangers: Count
    """Of nobody we know."""
    refused: Count
    """Of a peer we know, but forged, replayed or malformed; or not fit to be sent."""
    given_up: Count
    """Packets of sources that were missing, asked for and never came."""


class Held(Record):
    """What the process keeps of its peers besides themselves; with nobody in there is no more than when it began."""

    tasks: Count
    """Of its event loop."""
    connections: Count
    addresses: Count
    """That datagrams are taken from."""
    answers: Count


class MediaHealth(Record):
    """The state of the media process. A new `instance_id` means that it restarted and knows no room any more."""

    instance_id: UUID
    name: str
    started_at: datetime
    sources: tuple[SourceStats, ...]
    peers: tuple[UUID, ...]
    """The viewers, by the ids that the API gave them."""
    probes: Count
    """Peers that try a path now."""
    segments_waiting: Count
    """Closed segments that the object store has not taken yet."""
    stills_decoded: Count
    core_share: float
    """Of one core, what packets take, 0.0 to 1.0."""
    lag_s: float
    """How late the loop wakes."""
    datagrams: Datagrams
    held: Held

    @property
    def viewers(self) -> int:
        """How many viewers there are, connected or about to be."""
        return len(self.peers)


class Refusal(Record):
    """The body of an answer that is not 200."""

    code: str
    fields: dict[str, Json]
