"""Fold of what the locker states: evidence items and how far recordings are filed."""

from typing import TypeVar

from evidence.custody import events as custody
from evidence.custody.rules import Stage
from evidence.items import events as items
from evidence.items.rules import DerivativeKind
from evidence.ledger.events import Entry, Event
from evidence.segments.events import SegmentFiled
from sessions.ids import StillId
from sessions.state.folding import Fold, step, with_changes
from sessions.state.records import CaseItem, CaseState
from sessions.tour.rules import StillState

E = TypeVar("E", bound=Event)
_BOTH = ("digest", "bytes", "filename", "kind", "participant_id", "validation_session_id", "stop_id", "still_id")


def _item(event: items.ItemAdmitted | items.ItemQuarantined, entry: Entry, **more: object) -> CaseItem:
    fields = {name: getattr(event, name) for name in _BOTH}
    criterion_ids = () if event.criterion_id is None else (event.criterion_id,)
    return CaseItem(id=event.item_id, criterion_ids=criterion_ids, at=entry.at, seq=entry.seq, **fields, **more)


def _admitted(state: CaseState, event: items.ItemAdmitted, entry: Entry) -> CaseState:
    item = _item(
        event,
        entry,
        state=Stage.ADMITTED,
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
    item = _item(event, entry, state=Stage.QUARANTINED, reason=event.reason)
    return state.model_copy(update={"items": {**state.items, item.id: item}})


def _isolated(state: CaseState, event: items.ItemIsolated, _entry: Entry) -> CaseState:
    known = state.items.get(event.item_id)
    # Released it stays released; its reason says that it is not shown.
    stage = Stage.RELEASED if known is not None and known.state is Stage.RELEASED else Stage.QUARANTINED
    changed = with_changes(state.items, event.item_id, state=stage, reason=event.reason, thumbnail=False)
    return state.model_copy(update={"items": changed})


def _filed(state: CaseState, event: items.ItemFiled, _entry: Entry) -> CaseState:
    changed = with_changes(state.items, event.item_id, state=Stage.FILED, retain_until=event.retain_until)
    return state.model_copy(update={"items": changed})


def _kept(event: type[E], **changes: object) -> tuple[str, Fold]:
    """Return the step of an entry about an item's keeping: what it changes, and its date when it has one."""

    def change(state: CaseState, told: E, _entry: Entry) -> CaseState:
        stated = told.model_dump(include={"item_id", "retain_until"})
        item_id = stated.pop("item_id")
        return state.model_copy(update={"items": with_changes(state.items, item_id, **changes, **stated)})

    return step(event, change)


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
        _kept(custody.RetentionSet),
        _kept(custody.ItemSealed, state=Stage.SEALED),
        _kept(custody.ItemHeld, held=True),
        _kept(custody.HoldLifted, held=False),
        _kept(custody.ItemReleased, state=Stage.RELEASED),
        _kept(custody.DisposalOrdered, state=Stage.DISPOSING, thumbnail=False),
        _kept(custody.ItemDisposed, state=Stage.DISPOSED),
        step(SegmentFiled, _segment_filed),
    ]
)
