"""Fold of what the locker states: evidence items and the segments of recordings.

The fold reads the few fields it shows, by name; what else the locker writes into its entries is the locker's own.
"""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from evidence.ids import ItemId, SegmentId, SourceId
from evidence.ledger.events import Entry
from evidence.records import Json
from sessions.ids import CriterionId, ParticipantId, StillId, StopId, ValidationSessionId
from sessions.state.folding import Fold, with_changes
from sessions.state.records import CaseItem, CaseState
from sessions.tour.rules import StillState


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Item(_Told):
    item_id: ItemId
    kind: str
    digest: str
    bytes: int
    media_type: str
    filename: str
    participant_id: ParticipantId | None = None
    validation_session_id: ValidationSessionId | None = None
    criterion_id: CriterionId | None = None
    stop_id: StopId | None = None
    still_id: StillId | None = None
    camera: str | None = None
    claims: dict[str, Json] = {}
    facts: dict[str, Json] = {}
    reason: str | None = None


class _Filed(_Told):
    item_id: ItemId


class _Derivative(_Told):
    parent_id: ItemId
    kind: str


class _SegmentClosed(_Told):
    segment_id: SegmentId
    source_id: SourceId
    end_ms: int


class _SegmentFiled(_Told):
    segment_id: SegmentId


T = TypeVar("T", bound=_Told)


def _told(shape: type[T], change: Callable[[CaseState, T, Entry], CaseState]) -> Fold:
    def folded(state: CaseState, entry: Entry) -> CaseState:
        return change(state, shape.model_validate(entry.data), entry)

    return folded


def _item(told: _Item, entry: Entry, state: str) -> CaseItem:
    return CaseItem(
        id=told.item_id,
        kind=told.kind,
        state=state,
        digest=told.digest,
        bytes=told.bytes,
        media_type=told.media_type,
        filename=told.filename,
        participant_id=told.participant_id,
        validation_session_id=told.validation_session_id,
        criterion_ids=() if told.criterion_id is None else (told.criterion_id,),
        stop_id=told.stop_id,
        still_id=told.still_id,
        camera=told.camera,
        claims=told.claims,
        facts=told.facts,
        at=entry.at,
        seq=entry.seq,
        reason=told.reason,
    )


def _admitted(state: CaseState, told: _Item, entry: Entry) -> CaseState:
    items = {**state.items, told.item_id: _item(told, entry, "admitted")}
    stills = with_changes(state.stills, told.still_id, state=StillState.TAKEN, item_id=told.item_id)
    return state.model_copy(update={"items": items, "stills": stills})


def _quarantined(state: CaseState, told: _Item, entry: Entry) -> CaseState:
    return state.model_copy(update={"items": {**state.items, told.item_id: _item(told, entry, "quarantined")}})


def _filed(state: CaseState, told: _Filed, _entry: Entry) -> CaseState:
    return state.model_copy(update={"items": with_changes(state.items, told.item_id, state="filed")})


def _derived(state: CaseState, told: _Derivative, _entry: Entry) -> CaseState:
    if told.kind != "thumbnail":
        return state
    return state.model_copy(update={"items": with_changes(state.items, told.parent_id, thumbnail=True)})


def _segment_closed(state: CaseState, told: _SegmentClosed, _entry: Entry) -> CaseState:
    source = state.sources.get(told.source_id)
    if source is None:
        return state
    awaiting = {**source.awaiting, told.segment_id: told.end_ms}
    return state.model_copy(update={"sources": with_changes(state.sources, source.id, awaiting=awaiting)})


def _segment_filed(state: CaseState, told: _SegmentFiled, _entry: Entry) -> CaseState:
    for source in state.sources.values():
        end_ms = source.awaiting.get(told.segment_id)
        if end_ms is not None:
            awaiting = {key: value for key, value in source.awaiting.items() if key != told.segment_id}
            filed = max(end_ms, source.filed_through_ms or 0)
            changed = with_changes(state.sources, source.id, awaiting=awaiting, filed_through_ms=filed)
            return state.model_copy(update={"sources": changed})
    return state


FOLDS: dict[str, Fold] = {
    "evidence.item_admitted": _told(_Item, _admitted),
    "evidence.item_quarantined": _told(_Item, _quarantined),
    "evidence.item_filed": _told(_Filed, _filed),
    "evidence.derivative_filed": _told(_Derivative, _derived),
    "evidence.segment_closed": _told(_SegmentClosed, _segment_closed),
    "evidence.segment_filed": _told(_SegmentFiled, _segment_filed),
}
