"""Who may be seen and heard, and when. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sessions.errors import (
    ConsentMissing,
    NotAdmitted,
    ParticipantRemoved,
    PrivacyOn,
    PrivacyUnchanged,
    StillAnswered,
    TokenOutOfScope,
    WrongPhase,
)
from sessions.roster.rules import Permission
from sessions.schedule.rules import SessionState


class Standing(StrEnum):
    """Where a participant stands in a validation session."""

    INVITED = "invited"
    LOBBY = "lobby"
    ADMITTED = "admitted"
    REMOVED = "removed"
    LEFT = "left"


class SourceKind(StrEnum):
    """What one WHIP publication carries; it stays with everything made from it."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"


class VideoCodec(StrEnum):
    """Codecs of pictures, by their names in SDP."""

    VP8 = "VP8"
    H264 = "H264"


class SourceType(StrEnum):
    """Where a publication comes from; it stays with everything made from it.

    Source: domain.md part 5, the forms of evidence that are accepted: livestream, recorded video, drone, CCTV, screen.
    """

    LIVE_DEVICE = "live_device"
    """A phone or computer in somebody's hands."""
    FIXED_CAMERA = "fixed_camera"
    """A camera that stays where it is, CCTV among them."""
    DRONE = "drone"
    SCREEN = "screen"
    PRERECORDED = "prerecorded"
    """Made before the session and played into it."""


class StillState(StrEnum):
    """What became of a still that was asked for."""

    REQUESTED = "requested"
    TAKEN = "taken"
    DECLINED = "declined"


def check_consent(consent_recording: bool | None) -> None:  # noqa: FBT001  (the answer itself, None when not given)
    """Refuse who has not agreed to take part in this session; raises ConsentMissing.

    Source: domain.md part 8, who is filmed, for what, recorded or not, is agreed before; ISO 19011 A.16 asks for
    permission in advance.
    """
    if consent_recording is None:
        raise ConsentMissing


def check_session_lives(state: SessionState) -> None:
    """Refuse what needs a live session; raises WrongPhase."""
    if state is not SessionState.LIVE:
        raise WrongPhase(expected=SessionState.LIVE.value, actual=state.value)


def check_session_ahead_or_live(state: SessionState) -> None:
    """Refuse the door of a session that is over or will not be; raises WrongPhase."""
    if state not in {SessionState.PLANNED, SessionState.LIVE}:
        raise WrongPhase(expected=SessionState.LIVE.value, actual=state.value)


def standing_after_lobby(standing: Standing, *, was_admitted: bool, holds_door: bool) -> Standing:
    """Return where a participant stands after coming to the door.

    An admission holds for the session, so who left comes straight back in; a removal ends it. Those who hold the
    door let themselves in.

    Raises: ParticipantRemoved when removed and not admitted anew.
    """
    if standing is Standing.REMOVED:
        raise ParticipantRemoved
    return Standing.ADMITTED if was_admitted or holds_door else Standing.LOBBY


def check_admission(standing: Standing) -> None:
    """Refuse to admit somebody who is in already or has not come to the door; raises WrongPhase."""
    if standing not in {Standing.LOBBY, Standing.REMOVED, Standing.LEFT}:
        raise WrongPhase(expected=Standing.LOBBY.value, actual=standing.value)


def check_admitted(standing: Standing) -> None:
    """Refuse who was not let in; raises NotAdmitted."""
    if standing is not Standing.ADMITTED:
        raise NotAdmitted(standing=standing.value)


def check_sending(state: SessionState, standing: Standing, consent_recording: bool | None) -> None:  # noqa: FBT001  (as above)
    """Refuse media of a participant before consent, admission and the live phase.

    Source: domain.md part 8 (consent record) and part 9 (the wrong people in the call).
    Raises: WrongPhase, ConsentMissing, NotAdmitted.
    """
    check_session_lives(state)
    check_consent(consent_recording)
    check_admitted(standing)


def is_recorded(*, session_recording: bool, consent_recording: bool) -> bool:
    """Say whether a participant's source is stored: the session is recorded and this person agreed.

    Refusing the recording is possible. It holds for the refusing person's own sources; each source is a recording of
    its own, the entry that opens it says whether it is kept, and so the session shows what it lacks.
    Source: domain.md part 9, recordings hold personal data.
    """
    return session_recording and consent_recording


def video_codecs(
    encodes: Collection[VideoCodec] | None, others_decode: Iterable[Collection[VideoCodec] | None]
) -> tuple[VideoCodec, ...]:
    """Return the codecs that a source's pictures may have, the best first.

    H.264 when the sender encodes it and everybody decodes it: its recording plays everywhere, and phones encode it
    in hardware. Else VP8, which every browser has (RFC 7742, 5). The other one follows for a sender that has no choice.

    Args:
        encodes: what the sender was measured to encode; None when it was not, and then its offer decides.
        others_decode: the same of decoding for each of the others in the room; who was not measured may have VP8 alone.
    """
    wanted = VideoCodec.H264
    sends = encodes is None or wanted in encodes
    shown = all(decodes is not None and wanted in decodes for decodes in others_decode)
    return (VideoCodec.H264, VideoCodec.VP8) if sends and shown else (VideoCodec.VP8, VideoCodec.H264)


def changes_codec(
    decodes: Collection[VideoCodec] | None, others_decode: Iterable[Collection[VideoCodec] | None]
) -> bool:
    """Say whether somebody who comes in is the first who cannot be shown what the room may send."""
    return video_codecs(None, others_decode)[0] is VideoCodec.H264 and (
        decodes is None or VideoCodec.H264 not in decodes
    )


_NEEDED: Final[Mapping[SourceKind, Permission]] = {
    SourceKind.CAMERA: Permission.PUBLISH_CAMERA,
    SourceKind.MICROPHONE: Permission.SPEAK,
    SourceKind.SCREEN: Permission.PUBLISH_SCREEN,
}


def permission_to_send(kind: SourceKind) -> Permission:
    """Return what a role must be allowed in order to send this kind."""
    return _NEEDED[kind]


def type_of(kind: SourceKind) -> SourceType:
    """Return the type of what a person's own page sends."""
    return SourceType.SCREEN if kind is SourceKind.SCREEN else SourceType.LIVE_DEVICE


def kind_of(source_type: SourceType) -> SourceKind:
    """Return what equipment of the type sends: a picture of the site or a screen, with its sound."""
    return SourceKind.SCREEN if source_type is SourceType.SCREEN else SourceKind.CAMERA


def permission_for_token(source_type: SourceType | None) -> Permission:
    """Return what a role must be allowed in order to make a token.

    Args: source_type: what it sends; None for a token that watches, which lets somebody in who sees the room: only who
        holds the door makes one.
    Source: domain.md part 4, the member brings equipment of its own; who is in the session is the specialist's to say.
    """
    return Permission.ADMIT if source_type is None else Permission.CONNECT_EQUIPMENT


def check_scope_to_send(source_type: SourceType | None, *, same_session: bool, kind: SourceKind | None) -> SourceType:
    """Return the type of what a token sends here.

    Args: kind: what the sender says it is; None when they say nothing.
    Raises: TokenOutOfScope: 'role' for a token that watches, 'room' in another session, 'type' for another kind.
    """
    if source_type is None:
        raise TokenOutOfScope(scope="role")
    _check_room(same_session=same_session)
    if kind not in {None, kind_of(source_type)}:
        raise TokenOutOfScope(scope="type")
    return source_type


def check_scope_to_watch(source_type: SourceType | None, *, same_session: bool) -> None:
    """Refuse a token that sends, and one of another session; raises TokenOutOfScope."""
    if source_type is not None:
        raise TokenOutOfScope(scope="role")
    _check_room(same_session=same_session)


def _check_room(*, same_session: bool) -> None:
    if not same_session:
        raise TokenOutOfScope(scope="room")


def token_expiry(planned_end: datetime, now: datetime, *, hours: int) -> datetime:
    """Return when a token stops working: some hours after the planned end of the session, or from now if it is over."""
    return max(planned_end, now) + timedelta(hours=hours)


def check_privacy(*, is_on: bool, wanted: bool) -> None:
    """Refuse to turn 'show, do not store' to what it is.

    Source: domain.md part 8, ID cards, personnel files, passwords and network detail are shown and not stored; either
    side may ask for it, and whoever ends it is named.
    Raises: PrivacyUnchanged.
    """
    if is_on == wanted:
        raise PrivacyUnchanged(on=is_on)


def check_storing(private_since: datetime | None, captured_at: datetime) -> None:
    """Refuse to keep a picture of what is shown and not stored; raises PrivacyOn.

    Args: captured_at: server time of the picture; one from before 'show, do not store' began may be kept.
    Source: domain.md part 8, what is shown and not stored is not kept in any other way either.
    """
    if private_since is not None and captured_at >= private_since:
        raise PrivacyOn


def check_still(state: StillState) -> None:
    """Refuse to decide a second time on a still; raises StillAnswered."""
    if state is not StillState.REQUESTED:
        raise StillAnswered(state=state.value)
