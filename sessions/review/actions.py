"""Marking answers and signing the review."""

from evidence.ledger.transaction import Transaction
from sessions.checklist import store as checklist
from sessions.errors import AnswerChanged, CriterionNotFound, ReviewSigned
from sessions.ids import CriterionId
from sessions.review import events, rules, store
from sessions.review.rules import Mark
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import settle
from sessions.schedule.events import ValidationClosed
from sessions.schedule.rules import Phase


async def _reviewing(tx: Transaction, access: Access) -> None:
    require(access, Permission.REVIEW)
    rules.check_reviewer(access.account_id, await checklist.list_who_answered(tx, access.validation_id))
    rules.check_unsigned(signed=await store.is_signed(tx, access.validation_id))


async def mark_answer(
    tx: Transaction, access: Access, *, criterion_id: CriterionId, answer_version: int, mark: Mark, note: str
) -> None:
    """Say whether the evidence supports the last version of an answer, also after the case was closed unsigned.

    Raises: NotAllowed; ReviewerAnswered; ReviewSigned; NoteMissing; CriterionNotFound when it has no answer;
        AnswerChanged when the version is not the last.
    """
    await _reviewing(tx, access)
    rules.check_mark(mark, note)
    answer = await checklist.find_answer(tx, access.validation_id, criterion_id)
    if answer is None:
        raise CriterionNotFound(criterion_id=criterion_id)
    if answer.version != answer_version:
        raise AnswerChanged(
            criterion_id=criterion_id,
            current_version=answer.version,
            verdict=answer.verdict.value,
            by_name=answer.by_name,
            at=answer.recorded_at.isoformat(),
        )
    await store.put_mark(
        tx,
        validation_id=access.validation_id,
        criterion_id=criterion_id,
        answer_version=answer_version,
        mark=mark,
        note=note,
        by_name=access.name,
    )
    marked = events.AnswerMarked(criterion_id=criterion_id, answer_version=answer_version, mark=mark, note=note)
    record(tx, access, marked)


async def sign_review(tx: Transaction, access: Access, *, statement: str) -> None:
    """Sign the review; an open case closes with it.

    Raises: NotAllowed; ReviewerAnswered; ReviewSigned; ReviewIncomplete; WrongPhase while a session is live.
    """
    # The lock on the case keeps an answer from slipping in between the look at the marks and the signature.
    validation = await schedule.lock_validation(tx, access.validation_id)
    await _reviewing(tx, access)
    answers = await checklist.list_answers(tx, validation.id)
    answered = {answer.criterion_id: answer.version for answer in answers}
    rules.check_complete(answered, await store.list_marked(tx, validation.id))
    if not await store.insert_signature(
        tx,
        validation_id=validation.id,
        participant_id=access.participant_id,
        by_name=access.name,
        statement=statement,
    ):
        raise ReviewSigned
    record(tx, access, events.ReviewSigned(statement=statement))
    if validation.phase is Phase.OPEN:
        await settle(tx, access, ValidationClosed(reason="review_signed", note=""))
