"""What an answer means for the gap on its criterion, and the due date of a gap."""

from datetime import date

from evidence.ids import uuid7
from evidence.ledger.transaction import Transaction
from sessions.checklist.records import Answer
from sessions.checklist.rules import Verdict
from sessions.criteria.editions import criterion_of
from sessions.errors import FindingChanged
from sessions.findings import events, rules, store
from sessions.findings.records import Finding
from sessions.findings.rules import FindingKind, FindingState
from sessions.ids import FindingId
from sessions.roster import store as roster
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.schedule.rules import local_day


async def follow_answer(tx: Transaction, access: Access, answer: Answer) -> None:
    """Open a finding where an answer shows a gap, or close the one it takes the ground from.

    A gap on which a finding is open already keeps it, with its due date.
    """
    validation = await schedule.get_validation(tx, access.validation_id)
    criterion = criterion_of(
        validation.edition_id, validation.entity_types, validation.criteria_as_of, answer.criterion_id
    )
    waiting = await store.find_open(tx, validation.id, answer.criterion_id)
    kind = rules.kind_of_gap(answer.verdict, criterion.level)
    if waiting is not None and rules.closes(answer.verdict):
        await _close(tx, access, waiting, answer.verdict)
    elif waiting is None and kind is not None:
        site = await roster.get_site(tx, validation.site_id)
        due_on = rules.due_on(kind, local_day(tx.now, site.time_zone))
        await _open(tx, access, answer, kind=kind, due_on=due_on)


async def _open(tx: Transaction, access: Access, answer: Answer, *, kind: FindingKind, due_on: date | None) -> None:
    finding = Finding(
        id=FindingId(uuid7()),
        validation_id=access.validation_id,
        criterion_id=answer.criterion_id,
        kind=kind,
        state=FindingState.OPEN,
        note=answer.note,
        due_on=due_on,
        version=1,
        opened_at=tx.now,
        closed_at=None,
    )
    await store.insert_finding(tx, finding)
    opened = events.FindingOpened(
        finding_id=finding.id,
        criterion_id=finding.criterion_id,
        kind=kind,
        note=finding.note,
        due_on=due_on,
        version=finding.version,
    )
    record(tx, access, opened)


async def _close(tx: Transaction, access: Access, finding: Finding, verdict: Verdict) -> None:
    await store.set_finding(tx, finding, state=FindingState.CLOSED.value, closed_at=tx.now)
    reason = "met" if verdict is Verdict.MET else "not_applicable"
    record(tx, access, events.FindingClosed(finding_id=finding.id, reason=reason, version=finding.version + 1))


async def set_due_date(
    tx: Transaction, access: Access, finding_id: FindingId, *, due_on: date, base_version: int
) -> None:
    """Give an open finding another due date.

    Raises: NotAllowed; WrongPhase; FindingNotFound; FindingChanged when the writer saw another version.
    """
    require(access, Permission.ANSWER)
    await open_case(tx, access)
    finding = await store.lock_open(tx, access.validation_id, finding_id)
    if finding.version != base_version:
        raise FindingChanged(
            finding_id=str(finding.id),
            current_version=finding.version,
            due_on=None if finding.due_on is None else finding.due_on.isoformat(),
        )
    await store.set_finding(tx, finding, due_on=due_on)
    record(tx, access, events.DueDateSet(finding_id=finding.id, due_on=due_on, version=finding.version + 1))
