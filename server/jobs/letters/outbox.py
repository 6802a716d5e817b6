"""Rows of the outbox: queued in the transaction of the fact they tell of, marked when sent."""

from uuid import UUID

from sqlalchemy import insert, select, update

from evidence.ids import uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Instant
from server.jobs.letters.records import MailKind, Occasion
from server.jobs.letters.tables import outbox
from server.jobs.queue import enqueue
from sessions.roster.tables import member, participant, site
from sessions.schedule.tables import invitation, validation, validation_session

SEND_MAIL = "send_mail"
"""The kind of the job that empties the outbox."""


async def queue_mail(tx: Transaction, kind: MailKind, invitation_id: UUID, *, reason: str = "") -> None:
    """Promise a mail to the participant of an invitation."""
    mail_id = uuid7()
    row = {"id": mail_id, "kind": kind.value, "invitation_id": invitation_id, "reason": reason, "queued_at": tx.now}
    await tx.execute(insert(outbox).values(row))
    await enqueue(tx, SEND_MAIL, {"mail_id": str(mail_id)})


async def get_occasion(tx: Transaction, mail_id: UUID) -> Occasion | None:
    """Return what an unsent mail tells, as the schedule stands now; None when it was sent."""
    tables = (
        outbox.join(invitation)
        .join(participant)
        .join(validation_session, validation_session.c.id == invitation.c.validation_session_id)
        .join(validation, validation.c.id == validation_session.c.validation_id)
        .join(member, member.c.id == validation.c.member_id)
        .join(site, site.c.id == validation_session.c.site_id)
    )
    query = (
        select(
            outbox.c.id.label("mail_id"),
            outbox.c.kind,
            outbox.c.reason,
            invitation.c.id.label("invitation_id"),
            invitation.c.revoked_at.is_not(None).label("revoked"),
            invitation.c.expires_at,
            invitation.c.validation_id,
            invitation.c.validation_session_id,
            validation_session.c.version,
            validation.c.number,
            member.c.name.label("member_name"),
            site.c.name.label("site_name"),
            site.c.address.label("site_address"),
            validation_session.c.time_zone,
            validation_session.c.starts_at,
            validation_session.c.duration_min,
            validation_session.c.recording,
            participant.c.account_id.is_not(None).label("has_account"),
            participant.c.name,
            participant.c.email,
            participant.c.language,
        )
        .select_from(tables)
        .where(outbox.c.id == mail_id, outbox.c.sent_at.is_(None))
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else Occasion.model_validate(dict(row))


async def mark_sent(tx: Transaction, mail_id: UUID) -> None:
    """Note that a mail left the house."""
    await tx.execute(update(outbox).where(outbox.c.id == mail_id).values(sent_at=tx.now))


async def list_mailed(tx: Transaction, invitation_ids: tuple[UUID, ...]) -> dict[UUID, Instant]:
    """Return when the last mail about each invitation was sent; an invitation whose mail still waits is left out."""
    query = (
        select(outbox.c.invitation_id, outbox.c.sent_at)
        .where(outbox.c.invitation_id.in_(invitation_ids), outbox.c.sent_at.is_not(None))
        .order_by(outbox.c.sent_at)
    )
    return {row["invitation_id"]: row["sent_at"] for row in (await tx.execute(query)).mappings()}
