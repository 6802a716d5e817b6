"""Fold of what the locker states: evidence items and how far recordings are filed."""

from evidence.items import events as items
from evidence.items.rules import DerivativeKind, ItemState
from evidence.ledger.events import Entry
from evidence.segments.events import SegmentFiled
from sessions.ids import StillId
from sessions.state.folding import step, with_changes
from sessions.state.records import CaseItem, CaseState
from sessions.tour.rules import StillState

_BOTH = ("digest", "bytes", "filename", "kind", "participant_id", "validation_session_id", "stop_id", "still_id")


def _item(event: items.ItemAdmitted | items.ItemQuarantined, entry: Entry, **more: object) -> CaseItem:
    fields = {name: getattr(event, name) for name in _BOTH}
    criterion_ids = () if event.criterion_id is None else (event.criterion_id,)
    return CaseItem(id=event.item_id, criterion_ids=criterion_ids, at=entry.at, seq=entry.seq, **fields, **more)


def _admitted(state: CaseState, event: items.ItemAdmitted, entry: Entry) -> CaseState:
    item = _item(
        event,
        entry,
        state=ItemState.ADMITTED,
        media_type=event.media_type,
        camera=event.camera,
        source_type=event.source_type,
        source_name=event.source_name,
        claims=event.claims,
        facts=event.facts,
    )
    stills = (
        state.stills
        if event.still_id is None
        else with_changes(state.stills, StillId(event.still_id), state=StillState.TAKEN, item_id=item.id)
    )
    return state.model_copy(update={"items": {**state.items, item.id: item}, "stills": stills})


def _quarantined(state: CaseState, event: items.ItemQuarantined, entry: Entry) -> CaseState:
    item = _item(event, entry, state=ItemState.QUARANTINED, reason=event.reason)
    return state.model_copy(update={"items": {**state.items, item.id: item}})


def _isolated(state: CaseState, event: items.ItemIsolated, _entry: Entry) -> CaseState:
    changes = with_changes(
        state.items, event.item_id, state=ItemState.QUARANTINED, reason=event.reason, thumbnail=False
    )
    return state.model_copy(update={"items": changes})


def _filed(state: CaseState, event: items.ItemFiled, _entry: Entry) -> CaseState:
    return state.model_copy(update={"items": with_changes(state.items, event.item_id, state=ItemState.FILED)})


def _derived(state: CaseState, event: items.DerivativeFiled, _entry: Entry) -> CaseState:
    if event.kind is not DerivativeKind.THUMBNAIL:
        return state
    return state.model_copy(update={"items": with_changes(state.items, event.parent_id, thumbnail=True)})


def _segment_filed(state: CaseState, event: SegmentFiled, _entry: Entry) -> CaseState:
    # Segments are filed in their order, so the last one filed says how far the recording is safe.
    sources = with_changes(state.sources, event.source_id, filed_through_ms=event.end_ms)
    return state.model_copy(update={"sources": sources})


FOLDS = dict(
    [
        step(items.ItemAdmitted, _admitted),
        step(items.ItemQuarantined, _quarantined),
        step(items.ItemIsolated, _isolated),
        step(items.ItemFiled, _filed),
        step(items.DerivativeFiled, _derived),
        step(SegmentFiled, _segment_filed),
    ]
)
