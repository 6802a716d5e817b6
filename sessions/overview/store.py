"""Lines of validations and sessions, read across the tables of the slices."""

from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from evidence.ledger.transaction import Transaction
from sessions.checklist.tables import answer, request
from sessions.errors import ValidationNotFound
from sessions.findings.rules import FindingState
from sessions.findings.tables import finding
from sessions.overview.records import SessionLine, ValidationLine
from sessions.review.tables import review_signature
from sessions.roster.access import Access
from sessions.roster.rules import Permission, Role, may
from sessions.roster.tables import member, participant, site
from sessions.schedule.tables import validation, validation_session

_lead = participant.alias("lead")


async def list_lines(tx: Transaction, account_id: UUID, *, every: bool) -> tuple[ValidationLine, ...]:
    """Return the validations an account takes part in, or every one for a supervisor; the latest first."""
    query = _lines(_role_of(account_id, every=every)).order_by(validation.c.opened_at.desc(), validation.c.id.desc())
    return tuple(_line(dict(row)) for row in (await tx.execute(query)).mappings())


async def get_line(tx: Transaction, access: Access) -> ValidationLine:
    """Return one validation as this person may see it."""
    query = _lines(literal(access.role.value)).where(validation.c.id == access.validation_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        raise ValidationNotFound
    return _line(dict(row))


def _role_of(account_id: UUID, *, every: bool) -> ColumnElement[str]:
    own = (
        select(participant.c.role)
        .where(participant.c.validation_id == validation.c.id, participant.c.account_id == account_id)
        .scalar_subquery()
    )
    return func.coalesce(own, literal(Role.SUPERVISOR.value)) if every else own


def _lines(role: ColumnElement[str]) -> Select[tuple[object, ...]]:
    own = ("id", "number", "member_id", "site_id", "entity_types", "method", "edition_id")
    times = ("criteria_as_of", "phase", "opened_at", "closed_at")
    open_findings = finding.c.validation_id == validation.c.id, finding.c.state == FindingState.OPEN.value
    counts = {
        "answered": select(func.count(answer.c.criterion_id.distinct())).where(
            answer.c.validation_id == validation.c.id
        ),
        "open_findings": select(func.count()).select_from(finding).where(*open_findings),
        "next_due_on": select(func.min(finding.c.due_on)).where(*open_findings),
        "open_requests": select(func.count())
        .select_from(request)
        .where(request.c.validation_id == validation.c.id, request.c.closed_at.is_(None)),
        "review_signed": select(func.count())
        .select_from(review_signature)
        .where(review_signature.c.validation_id == validation.c.id),
    }
    return (
        select(
            *(validation.c[name] for name in (*own, *times)),
            member.c.name.label("member_name"),
            site.c.name.label("site_name"),
            site.c.time_zone,
            _lead.c.name.label("lead_name"),
            role.label("role"),
            *(query.scalar_subquery().label(name) for name, query in counts.items()),
        )
        .join_from(validation, member, member.c.id == validation.c.member_id)
        .join(site, site.c.id == validation.c.site_id)
        .join(_lead, (_lead.c.validation_id == validation.c.id) & (_lead.c.role == Role.SCSS_LEAD.value))
        .where(role.is_not(None))
    )


def _line(row: dict[str, object]) -> ValidationLine:
    reads_review = may(Role(str(row["role"])), Permission.READ_GOVERNMENT)
    return ValidationLine.model_validate(row | {"review_signed": bool(row["review_signed"]) if reads_review else None})


async def list_session_lines(tx: Transaction, lines: tuple[ValidationLine, ...]) -> tuple[SessionLine, ...]:
    """Return the sessions of these validations in the order of their start."""
    by_id = {line.id: line for line in lines}
    own = ("id", "validation_id", "time_zone", "starts_at", "duration_min", "recording", "state")
    query = (
        select(
            *(validation_session.c[name] for name in (*own, "started_at", "ended_at")),
            site.c.name.label("site_name"),
        )
        .join(site, site.c.id == validation_session.c.site_id)
        .where(validation_session.c.validation_id.in_(by_id))
        .order_by(validation_session.c.starts_at, validation_session.c.id)
    )
    found = []
    for row in (await tx.execute(query)).mappings():
        line = by_id[row["validation_id"]]
        names = {"number": line.number, "member_name": line.member_name, "role": line.role}
        found.append(SessionLine.model_validate({**row, **names}))
    return tuple(found)
