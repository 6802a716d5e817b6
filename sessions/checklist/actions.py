"""Answering criteria, tying evidence to them, and asking the member."""

from evidence.ids import ItemId
from evidence.items import errors as item_errors
from evidence.items import store as items
from evidence.items.rules import ItemState
from evidence.ledger.transaction import Transaction
from sessions.checklist import events, rules, store
from sessions.checklist.records import Answer, Request
from sessions.checklist.rules import Method, Verdict
from sessions.criteria.editions import criterion_of
from sessions.errors import AnswerChanged, ItemNotFound, RequestNotFound
from sessions.ids import CriterionId, RequestId, StopId
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule.actions import open_case
from sessions.schedule.records import Validation
from sessions.tour.store import check_stop


async def record_answer(
    tx: Transaction,
    access: Access,
    *,
    criterion_id: CriterionId,
    verdict: Verdict,
    method: Method,
    note: str,
    reason: str | None,
    stop_id: StopId | None,
    item_ids: tuple[ItemId, ...],
    base_version: int,
) -> Answer:
    """Answer a criterion; older versions stay.

    Args: base_version: the version the writer saw, 0 for none.
    Raises: NotAllowed; WrongPhase; CriterionNotFound; NoteMissing; MethodNotFitting; StopNotFound; ItemNotFound;
        AnswerChanged when the writer saw another version than the last.
    """
    require(access, Permission.ANSWER)
    validation = await open_case(tx, access)
    check_criterion(validation, criterion_id)
    rules.check_answer(verdict, method, note=note, reason=reason)
    if stop_id is not None:
        await check_stop(tx, validation.id, stop_id)
    for item_id in item_ids:
        await check_item(tx, access, item_id)
    current = await store.find_answer(tx, validation.id, criterion_id)
    if rules.is_stale(base_version, 0 if current is None else current.version):
        raise _changed(criterion_id, current)
    answer = Answer(
        validation_id=validation.id,
        criterion_id=criterion_id,
        version=base_version + 1,
        verdict=verdict,
        method=method,
        note=note,
        reason=reason,
        stop_id=stop_id,
        item_ids=item_ids,
        participant_id=access.participant_id,
        account_id=access.account_id,
        by_name=access.name,
        recorded_at=tx.now,
    )
    if not await store.insert_answer(tx, answer):
        raise _changed(criterion_id, await store.find_answer(tx, validation.id, criterion_id))
    record(tx, access, _recorded(answer))
    return answer


def _recorded(answer: Answer) -> events.AnswerRecorded:
    return events.AnswerRecorded(
        criterion_id=answer.criterion_id,
        version=answer.version,
        verdict=answer.verdict,
        method=answer.method,
        note=answer.note,
        reason=answer.reason,
        stop_id=answer.stop_id,
        item_ids=answer.item_ids,
    )


def _changed(criterion_id: CriterionId, current: Answer | None) -> AnswerChanged:
    return AnswerChanged(
        criterion_id=criterion_id,
        current_version=0 if current is None else current.version,
        verdict=None if current is None else current.verdict.value,
        by_name=None if current is None else current.by_name,
        at=None if current is None else current.recorded_at.isoformat(),
    )


def check_criterion(validation: Validation, criterion_id: CriterionId) -> None:
    """Refuse a criterion that does not apply to the validation; raises CriterionNotFound."""
    criterion_of(validation.edition_id, validation.entity_types, validation.criteria_as_of, criterion_id)


async def check_item(tx: Transaction, access: Access, item_id: ItemId) -> None:
    """Refuse an evidence item that is not of this validation, or is in quarantine; raises ItemNotFound."""
    try:
        item = await items.get_item(tx, item_id)
    except item_errors.ItemNotFound:
        raise ItemNotFound(item_id=str(item_id)) from None
    if item.case_id != access.validation_id or item.state is ItemState.QUARANTINED:
        raise ItemNotFound(item_id=str(item_id))


async def link_item(tx: Transaction, access: Access, *, item_id: ItemId, criterion_id: CriterionId) -> None:
    """Tie an evidence item to a criterion; a second time changes nothing.

    Raises: NotAllowed; WrongPhase; CriterionNotFound; ItemNotFound.
    """
    require(access, Permission.ANSWER)
    validation = await open_case(tx, access)
    check_criterion(validation, criterion_id)
    await check_item(tx, access, item_id)
    if await store.insert_link(tx, validation_id=validation.id, item_id=item_id, criterion_id=criterion_id):
        record(tx, access, events.ItemLinked(item_id=item_id, criterion_id=criterion_id))


async def open_request(
    tx: Transaction, access: Access, *, request_id: RequestId, criterion_id: CriterionId | None, text: str
) -> None:
    """Ask the member for something; raises NotAllowed, WrongPhase, CriterionNotFound and VersionConflict."""
    require(access, Permission.GUIDE_TOUR)
    validation = await open_case(tx, access)
    if criterion_id is not None:
        check_criterion(validation, criterion_id)
    asked = Request(
        id=request_id,
        validation_id=validation.id,
        criterion_id=criterion_id,
        text=text,
        opened_at=tx.now,
        closed_at=None,
    )
    await store.insert_request(tx, asked)
    record(tx, access, events.RequestOpened(request_id=request_id, criterion_id=criterion_id, text=text))


async def close_request(tx: Transaction, access: Access, request_id: RequestId) -> None:
    """Stop waiting for what was asked; raises NotAllowed, WrongPhase and RequestNotFound."""
    require(access, Permission.GUIDE_TOUR)
    await open_case(tx, access)
    if not await store.set_request_closed(tx, access.validation_id, request_id):
        raise RequestNotFound
    record(tx, access, events.RequestClosed(request_id=request_id))
