"""Writes the vectors of the fold: entries, and the state after them. Python and TypeScript must both agree with them.

Run `python -m tests.vectors.fold_vectors` after a change of an event or of the fold, and read what changed.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid5

from evidence.ids import CaseId, ItemId, LogId, SegmentId, SourceId
from evidence.items.events import DerivativeFiled, ItemAdmitted, ItemFiled, ItemQuarantined
from evidence.items.rules import Camera, Claims, DerivativeKind, Facts, ItemKind
from evidence.ledger.events import Actor, Entry, EntryClass, Event
from evidence.records import Json
from evidence.segments.events import SegmentFiled
from sessions.checklist import events as checklist
from sessions.checklist.rules import Method, Verdict
from sessions.criteria.rules import EntityType
from sessions.findings import events as findings
from sessions.findings.rules import FindingKind
from sessions.ids import (
    FindingId,
    InvitationId,
    MemberId,
    ParticipantId,
    PersonId,
    RequestId,
    SiteId,
    StillId,
    StopId,
    ValidationSessionId,
)
from sessions.readiness import events as readiness
from sessions.readiness.rules import Way
from sessions.review import events as review
from sessions.review.rules import Mark
from sessions.roster import events as roster
from sessions.roster.rules import Role, Side
from sessions.schedule import events as schedule
from sessions.schedule.rules import ValidationMethod
from sessions.state import fold
from sessions.tour import events as tour
from sessions.tour.rules import SourceKind
from tests.vectors.equipment import equipment
from tests.vectors.interrupted import interruptions, photo_modes
from tests.vectors.isolating import isolated
from tests.vectors.keeping import kept
from tests.vectors.meetings import scheduled

FOLDER = Path(__file__).parent / "fold"
_NAMES = UUID("5167f1ac-0000-7000-8000-0000000000ff")
_BEGIN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def named(name: str) -> UUID:
    """Return an id that is the same at every run."""
    return uuid5(_NAMES, name)


CASE = CaseId(named("case"))
FIRST, SECOND = ValidationSessionId(named("first session")), ValidationSessionId(named("second session"))
LEAD, GUIDE, REVIEWER = (ParticipantId(named(name)) for name in ("lead", "guide", "reviewer"))
CAMERA, VOICE, DOCK_CAMERA = (SourceId(named(name)) for name in ("camera", "voice", "dock camera"))
GATE, DOCK = StopId(named("gate")), StopId(named("dock"))
STILL, LATER_STILL = StillId(named("still")), StillId(named("later still"))
PHOTO, PAPER, BROKEN = (ItemId(named(name)) for name in ("photo", "paper", "broken"))
FINDING, ADVICE = FindingId(named("finding")), FindingId(named("advice"))
ASKED = RequestId(named("asked"))

BY_LEAD = Actor(kind="participant", id=str(LEAD), name="Ruth Delgado", role="scss_lead")
BY_GUIDE = Actor(kind="participant", id=str(GUIDE), name="Mateo Rangel", role="camera_operator")
BY_REVIEWER = Actor(kind="participant", id=str(REVIEWER), name="Helen Osei", role="reviewer")
BY_MEDIA = Actor(kind="system", id="media", name="Media server")

Told = Sequence[tuple[Event, Actor]]


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _opening() -> Iterator[tuple[Event, Actor]]:
    yield (
        schedule.ValidationOpened(
            validation_id=CASE,
            number="V-2026-0042",
            member_id=MemberId(named("member")),
            member_name="Manufacturas Cerro Alto",
            entity_types=(EntityType.FOREIGN_MANUFACTURER,),
            method=ValidationMethod.VIRTUAL,
            edition_id="msc-2020",
            criteria_as_of=date(2026, 11, 24),
            site_id=SiteId(named("site")),
            site_name="Planta Apodaca",
            time_zone="America/Monterrey",
        ),
        BY_LEAD,
    )
    people = (
        (LEAD, "Ruth Delgado", Role.SCSS_LEAD, Side.GOVERNMENT, "en"),
        (REVIEWER, "Helen Osei", Role.REVIEWER, Side.GOVERNMENT, "en"),
        (GUIDE, "Mateo Rangel", Role.CAMERA_OPERATOR, Side.MEMBER, "es"),
    )
    for participant_id, name, role, side, language in people:
        added = roster.ParticipantAdded(
            participant_id=participant_id,
            account_id=None,
            person_id=PersonId(named(name)),
            name=name,
            role=role,
            side=side,
            language="es" if language == "es" else "en",
        )
        yield added, BY_LEAD
    yield scheduled(FIRST, named("site"), _BEGIN + timedelta(hours=1)), BY_LEAD


def _to_the_room(session: ValidationSessionId, who: Actor, *, recording: bool = True) -> Iterator[tuple[Event, Actor]]:
    participant_id = ParticipantId(UUID(who.id))
    here = {"validation_session_id": session, "participant_id": participant_id}
    language = "es" if who is BY_GUIDE else "en"
    yield tour.ConsentGiven(**here, recording=recording, language=language, text_id="consent-2026-11"), who
    yield tour.LobbyEntered(**here, camera=True, microphone=who is BY_LEAD, user_agent_label="Chromium on Android"), who
    yield tour.ParticipantAdmitted(**here), BY_LEAD
    yield tour.ParticipantJoined(**here), who


def _still_item() -> Event:
    return ItemAdmitted(
        item_id=PHOTO,
        digest=_digest("photo"),
        bytes=2_345_678,
        media_type="image/jpeg",
        filename="still.jpg",
        kind=ItemKind.STILL,
        claims=Claims(captured_at_device=_BEGIN, latitude_deg=25.78, longitude_deg=-100.19, device="Pixel 9"),
        facts=Facts(),
        participant_id=GUIDE,
        validation_session_id=FIRST,
        criterion_id="9.4",
        stop_id=GATE,
        still_id=STILL,
        camera=Camera.FULL,
    )


def _thumbnail_of(item_id: ItemId) -> Event:
    return DerivativeFiled(
        item_id=ItemId(named("thumbnail")),
        parent_id=item_id,
        parent_digest=_digest("photo"),
        kind=DerivativeKind.THUMBNAIL,
        digest=_digest("thumbnail"),
        bytes=8_000,
        media_type="image/jpeg",
    )


def _segment_filed(index: int, end_ms: int) -> Event:
    return SegmentFiled(
        segment_id=SegmentId(named(f"segment {index}")),
        source_id=CAMERA,
        index=index,
        end_ms=end_ms,
        digest=_digest(f"segment {index}"),
        chain=_digest(f"chain {index}"),
    )


def _walk() -> Iterator[tuple[Event, Actor]]:
    here = {"validation_session_id": FIRST}
    yield from _opening()
    yield tour.StopAdded(**here, stop_id=GATE, name="Gate 1", order=1), BY_LEAD
    yield tour.StopAdded(**here, stop_id=DOCK, name="Docks", order=2), BY_LEAD
    yield from _to_the_room(FIRST, BY_LEAD, recording=False)
    yield tour.SessionStarted(**here), BY_LEAD
    yield from _to_the_room(FIRST, BY_GUIDE)
    yield tour.StopOpened(**here, stop_id=GATE), BY_LEAD
    opened = {"source_id": CAMERA, "participant_id": GUIDE, "kind": SourceKind.CAMERA, "recorded": True}
    yield tour.SourceOpened(**here, **opened), BY_GUIDE
    voice = {"source_id": VOICE, "participant_id": LEAD, "kind": SourceKind.MICROPHONE, "recorded": False}
    yield tour.SourceOpened(**here, **voice), BY_LEAD
    for event in equipment(FIRST, DOCK_CAMERA, LEAD, named("token")):
        yield event, BY_LEAD
    yield _segment_filed(0, 6_020), BY_MEDIA
    yield from zip(interruptions(FIRST, CAMERA, _BEGIN), (BY_MEDIA, BY_GUIDE), strict=True)
    yield from ((event, BY_GUIDE) for event in photo_modes(FIRST, CAMERA))
    yield tour.StillRequested(**here, still_id=STILL, criterion_id="9.4", stop_id=GATE), BY_LEAD
    yield tour.StillRequested(**here, still_id=LATER_STILL, criterion_id=None, stop_id=None), BY_LEAD
    yield _still_item(), BY_GUIDE
    yield tour.StillDeclined(**here, still_id=LATER_STILL, reason="A face is in the picture."), BY_GUIDE
    yield ItemFiled(item_id=PHOTO, digest=_digest("photo")), BY_MEDIA
    yield _thumbnail_of(PHOTO), BY_MEDIA
    yield tour.MarkSet(**here, label="Second guard arrives", criterion_id="9.4", stop_id=GATE), BY_GUIDE
    yield tour.PrivacyStarted(**here, reason="ID card of a driver"), BY_GUIDE
    yield _segment_filed(1, 11_980), BY_MEDIA


def _end() -> Iterator[tuple[Event, Actor]]:
    here = {"validation_session_id": FIRST}
    yield from _walk()
    yield tour.PrivacyStopped(**here), BY_LEAD
    yield tour.ParticipantLeft(**here, participant_id=GUIDE, by_choice=False), BY_GUIDE
    yield tour.ParticipantJoined(**here, participant_id=GUIDE), BY_GUIDE
    yield tour.SourceClosed(**here, source_id=CAMERA, reason="session_ended"), BY_LEAD
    yield tour.PrivacyStarted(**here, reason="Passwords on a screen"), BY_LEAD
    yield tour.SessionEnded(**here), BY_LEAD


def _second_session() -> Iterator[tuple[Event, Actor]]:
    """Standing and consent are given for one session and do not follow into the next."""
    yield from _end()
    yield scheduled(SECOND, named("site"), _BEGIN + timedelta(hours=24)), BY_LEAD
    moved = _BEGIN + timedelta(hours=26)
    yield (
        schedule.SessionRescheduled(
            validation_session_id=SECOND, starts_at=moved, duration_min=120, reason="Shift change at the gate."
        ),
        BY_LEAD,
    )
    here = {"validation_session_id": SECOND}
    lobby = {"participant_id": GUIDE, "camera": False, "microphone": True, "user_agent_label": "Safari on iPhone"}
    yield tour.LobbyEntered(**here, **lobby), BY_GUIDE
    yield from _to_the_room(SECOND, BY_LEAD)
    yield tour.ParticipantAdmitted(**here, participant_id=GUIDE), BY_LEAD
    yield tour.ParticipantRemoved(**here, participant_id=GUIDE, reason="Wrong person on the line."), BY_LEAD
    yield tour.ParticipantLeft(**here, participant_id=LEAD, by_choice=True), BY_LEAD


def _schedule_only() -> Iterator[tuple[Event, Actor]]:
    yield from _opening()
    invitation = {
        "invitation_id": InvitationId(named("invitation")),
        "validation_session_id": FIRST,
        "participant_id": GUIDE,
    }
    sent = schedule.InvitationSent(**invitation, expires_at=_BEGIN + timedelta(days=2))
    yield sent, BY_LEAD
    yield roster.LinkOpened(**invitation, first=True), BY_GUIDE
    guide = {"validation_session_id": FIRST, "participant_id": GUIDE, "tried": tuple(Way)}
    yield readiness.LineTested(**guide, worked=(), path=None), BY_GUIDE
    some = (Way.RELAY_TCP, Way.RELAY_TLS)
    yield readiness.LineTested(**guide, worked=some, path=Way.RELAY_TCP), BY_GUIDE
    yield schedule.InvitationRevoked(**invitation), BY_LEAD
    yield scheduled(SECOND, named("site"), _BEGIN + timedelta(hours=3)), BY_LEAD
    yield schedule.SessionNoShow(validation_session_id=FIRST, reason="Nobody came."), BY_LEAD
    yield schedule.SessionCancelled(validation_session_id=SECOND, reason="Storm."), BY_LEAD


def _answered(criterion_id: str, version: int, verdict: Verdict, **more: object) -> Event:
    fields: dict[str, object] = {
        "criterion_id": criterion_id,
        "version": version,
        "verdict": verdict,
        "method": Method.LIVE,
        "note": "",
        "reason": None,
        "stop_id": None,
        "item_ids": (),
    }
    return checklist.AnswerRecorded.model_validate(fields | more)


def _checklist() -> Iterator[tuple[Event, Actor]]:
    yield from _walk()
    gap = "The gate stood open for four minutes."
    yield _answered("9.4", 1, Verdict.NOT_MET, note=gap, stop_id=GATE, item_ids=(PHOTO,)), BY_LEAD
    opened = {"finding_id": FINDING, "criterion_id": "9.4", "kind": FindingKind.ACTION_REQUIRED, "note": gap}
    yield findings.FindingOpened(**opened, due_on=date(2027, 2, 22), version=1), BY_LEAD
    yield findings.DueDateSet(finding_id=FINDING, due_on=date(2026, 12, 15), version=2), BY_LEAD
    yield _answered("9.5", 1, Verdict.PARTLY_MET, note="Two cars beside dock 4.", method=Method.CCTV), BY_LEAD
    advice = {"finding_id": ADVICE, "criterion_id": "9.5", "kind": FindingKind.RECOMMENDATION}
    yield findings.FindingOpened(**advice, note="Two cars beside dock 4.", due_on=None, version=1), BY_LEAD
    yield _answered("7.28", 1, Verdict.NOT_APPLICABLE, reason="No cargo is received here."), BY_LEAD
    yield checklist.RequestOpened(request_id=ASKED, criterion_id="9.4", text="Guard roster of November"), BY_LEAD
    yield checklist.ItemLinked(item_id=PHOTO, criterion_id="9.4"), BY_LEAD
    yield checklist.ItemLinked(item_id=PHOTO, criterion_id="9.6"), BY_LEAD
    yield checklist.RequestClosed(request_id=ASKED), BY_LEAD
    yield _answered("9.4", 2, Verdict.MET, note="Closed and manned on the second look."), BY_LEAD
    yield findings.FindingClosed(finding_id=FINDING, reason="met", version=3), BY_LEAD


def _reviewed() -> Iterator[tuple[Event, Actor]]:
    yield from _checklist()
    doubt = "The still shows gate 2."
    yield review.AnswerMarked(criterion_id="9.4", answer_version=1, mark=Mark.QUESTION, note=doubt), BY_REVIEWER
    yield review.AnswerMarked(criterion_id="9.4", answer_version=2, mark=Mark.SUPPORTED, note=""), BY_REVIEWER
    yield review.ReviewSigned(statement="Read and compared with the recording."), BY_REVIEWER
    yield schedule.ValidationClosed(reason="review_signed", note=""), BY_REVIEWER


def _uploads() -> Iterator[tuple[Event, Actor]]:
    yield from _opening()
    about = {"participant_id": GUIDE, "validation_session_id": None, "stop_id": None, "still_id": None}
    paper = {"item_id": PAPER, "digest": _digest("paper"), "bytes": 120_000, "filename": "política de sellos.pdf"}
    yield (
        ItemAdmitted(
            **paper,
            **about,
            media_type="application/pdf",
            kind=ItemKind.DOCUMENT,
            claims=Claims(),
            facts=Facts(),
            criterion_id="6.1",
            camera=None,
        ),
        BY_GUIDE,
    )
    broken = about | {"item_id": BROKEN, "digest": _digest("broken"), "bytes": 900, "filename": "dock.jpg"}
    yield ItemQuarantined(**broken, kind=ItemKind.PHOTO, reason="type_mismatch", criterion_id=None), BY_GUIDE
    yield from isolated(about, BY_GUIDE, BY_MEDIA)


def _entries(told: Iterator[tuple[Event, Actor]]) -> list[Entry]:
    return [
        Entry(
            log_id=LogId(CASE),
            seq=seq,
            entry_class=event.ENTRY_CLASS,
            at=_BEGIN + timedelta(seconds=seq, microseconds=seq * 1_001),
            commitment=_digest(f"commitment {seq}"),
            tag=event.TAG,
            actor=actor,
            data=event.to_data(),
        )
        for seq, (event, actor) in enumerate(told)
    ]


def _header_only(entry: Entry) -> Entry:
    return entry.model_copy(update={"tag": None, "actor": None, "data": None})


def _for_a_member() -> list[Entry]:
    """Give what a member reads: of what is for the government, the headers."""
    return [
        _header_only(entry) if entry.entry_class is EntryClass.GOVERNMENT else entry for entry in _entries(_reviewed())
    ]


def _with_destroyed_bodies() -> list[Entry]:
    """Give the same entries after some bodies are gone: what hangs on them is passed over."""
    gone = {"evidence.item_admitted", "findings.finding_opened", "tour.still_requested", "checklist.request_opened"}
    return [_header_only(entry) if entry.tag in gone else entry for entry in _entries(_checklist())]


def _with_unknown_tag() -> list[Entry]:
    entries = _entries(_opening())
    unknown = entries[-1].model_copy(
        update={"seq": len(entries), "tag": "interviews.question_asked", "data": {"question": "Who holds the key?"}}
    )
    return [*entries, unknown]


def _kept() -> Iterator[tuple[Event, Actor]]:
    yield from _uploads()
    yield _still_item(), BY_GUIDE
    yield _thumbnail_of(PHOTO), BY_MEDIA
    yield from kept(PHOTO, PAPER, _BEGIN, by=BY_LEAD, worker=BY_MEDIA)


def scenarios() -> dict[str, list[Entry]]:
    """Return the entries of each vector by its name."""
    return {
        "schedule": _entries(_schedule_only()),
        "walk": _entries(_walk()),
        "end": _entries(_end()),
        "second_session": _entries(_second_session()),
        "checklist": _entries(_checklist()),
        "review": _entries(_reviewed()),
        "review_as_member": _for_a_member(),
        "destroyed_bodies": _with_destroyed_bodies(),
        "uploads": _entries(_uploads()),
        "kept": _entries(_kept()),
        "unknown_tag": _with_unknown_tag(),
        "nothing": [],
    }


def vector(name: str, entries: Sequence[Entry]) -> dict[str, Json]:
    """Return a vector as it is written."""
    listed: list[Json] = [entry.model_dump(mode="json") for entry in entries]
    return {"name": name, "entries": listed, "state": fold(entries).model_dump(mode="json")}


def main() -> None:
    """Write every vector, and remove those that are no more."""
    FOLDER.mkdir(exist_ok=True)
    written = {FOLDER / f"{name}.json": vector(name, entries) for name, entries in scenarios().items()}
    for path in set(FOLDER.glob("*.json")) - set(written):
        path.unlink()
    for path, content in written.items():
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
