"""The only road from an id to a validation: who is asking, in which role, and what that role may do."""

from uuid import UUID

from sqlalchemy import select

from evidence.ids import case_log
from evidence.ledger.events import Actor, Event
from evidence.ledger.transaction import Transaction
from evidence.records import Name, Record
from sessions.errors import NotAllowed, ValidationNotFound
from sessions.ids import AccountId, ParticipantId, ValidationId
from sessions.roster.rules import OfficeRole, Permission, Role, Side, may
from sessions.roster.tables import account, participant


class Access(Record):
    """One person's standing in one validation, proved for this transaction.

    `listed` is false for a supervisor who looks into a validation without being on its roster; `participant_id` is
    then the account's own id.
    """

    validation_id: ValidationId
    participant_id: ParticipantId
    account_id: AccountId | None
    name: Name
    role: Role
    side: Side
    listed: bool = True

    @property
    def actor(self) -> Actor:
        """The person as the ledger names them."""
        kind = "participant" if self.listed else "account"
        return Actor(kind=kind, id=str(self.participant_id), name=self.name, role=self.role.value)

    def may(self, permission: Permission) -> bool:
        """Say whether this person may do that here."""
        return may(self.role, permission)


def require(access: Access, permission: Permission) -> None:
    """Refuse who may not; raises NotAllowed."""
    if not access.may(permission):
        raise NotAllowed(permission=permission.value, role=access.role.value)


def record(tx: Transaction, access: Access, event: Event) -> None:
    """Add the entry that states `event` to the validation's ledger, as done by this person."""
    tx.record(case_log(access.validation_id), event, access.actor)


async def access_validation(
    tx: Transaction,
    *,
    validation_id: UUID,
    account_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> Access:
    """Return what one person is in one validation.

    Args: account_id of a signed-in account, else participant_id of a guest who came by a link.
    Raises: ValidationNotFound when there is no such validation and when it is not theirs, alike.
    """
    roster = select(participant).where(participant.c.validation_id == validation_id)
    if account_id is not None:
        row = (await tx.execute(roster.where(participant.c.account_id == account_id))).mappings().one_or_none()
    else:
        row = (await tx.execute(roster.where(participant.c.id == participant_id))).mappings().one_or_none()
    if row is not None:
        return Access(
            validation_id=row["validation_id"],
            participant_id=row["id"],
            account_id=row["account_id"],
            name=row["name"],
            role=row["role"],
            side=row["side"],
        )
    if account_id is not None:
        return await _access_as_supervisor(tx, validation_id, account_id)
    raise ValidationNotFound


async def _access_as_supervisor(tx: Transaction, validation_id: UUID, account_id: UUID) -> Access:
    # Opening a validation puts its lead on the roster, so a validation without participants does not exist.
    known = await tx.execute(select(participant.c.id).where(participant.c.validation_id == validation_id).limit(1))
    office = select(account).where(account.c.id == account_id, account.c.office_role == OfficeRole.SUPERVISOR.value)
    row = (await tx.execute(office)).mappings().one_or_none()
    if row is None or known.first() is None:
        raise ValidationNotFound
    return Access(
        validation_id=ValidationId(validation_id),
        participant_id=ParticipantId(account_id),
        account_id=AccountId(account_id),
        name=row["name"],
        role=Role.SUPERVISOR,
        side=Side.GOVERNMENT,
        listed=False,
    )
