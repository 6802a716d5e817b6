"""Who takes part, when the sessions are, and who is invited to them."""

import re
from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, StrictBool, WithJsonSchema, model_validator

from evidence.ids import CaseId, case_log
from evidence.records import WHOLE, Record
from server.auth.guests import move_expiry
from server.auth.visits import access_of, access_session_of
from server.http.invitations import tell_invited
from server.http.paths import SessionPath, ValidationPath
from server.http.routing import Call, Operation, Who
from server.jobs.checkpoints import ask_checkpoint
from server.jobs.letters.records import MailKind
from sessions.commands import Reason
from sessions.ids import AccountId, PersonId, SiteId
from sessions.roster.records import Participant
from sessions.roster.rules import Role
from sessions.schedule import actions, store
from sessions.schedule.records import ValidationSession
from sessions.schedule.rules import Reading
from sessions.tour.tokens import move_token_expiry

_DAYS = (
    r"20[0-9]{2}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
    r"20[0-9]{2}-(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    r"20[0-9]{2}-02-(0[1-9]|1[0-9]|2[0-8])",
    r"20([02468][048]|[13579][26])-02-29",
)
_LOCAL = rf"^({'|'.join(_DAYS)})T([01][0-9]|2[0-3]):[0-5][0-9]$"


def _parse_local(value: object) -> datetime:
    if not isinstance(value, str) or re.fullmatch(_LOCAL, value) is None:
        raise ValueError("not a local time such as 2026-11-24T09:00")
    return datetime.fromisoformat(value)


LocalTime = Annotated[
    datetime, BeforeValidator(_parse_local), WithJsonSchema({"type": "string", "pattern": _LOCAL, "maxLength": 16})
]
"""A time by the clocks of the site, such as `2026-11-24T09:00`."""
Minutes = Annotated[int, Field(strict=True, ge=15, le=600), WHOLE]
"""The planned length of a session."""


def _only(name: str) -> JsonValue:
    """Return the schema of a record that names this one. Both fit when both are named, which oneOf then refuses."""
    return {"required": [name], "properties": {name: {"type": "string"}}}


class NewParticipant(Record):
    """A participant to be: an account, or a contact person who comes by link."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_only("account_id"), _only("person_id")]})

    role: Role
    account_id: AccountId | None = None
    person_id: PersonId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.account_id is None) == (self.person_id is None):
            raise ValueError("either account_id or person_id")
        return self


class NewSession(Record):
    """A session to be. `reading` says which moment is meant when the site's clock shows the time twice."""

    site_id: SiteId
    starts_at_local: LocalTime
    duration_min: Minutes
    recording: StrictBool
    reading: Reading | None = None


class NewTime(Record):
    """Another time for a planned session."""

    starts_at_local: LocalTime
    duration_min: Minutes
    reason: Reason
    reading: Reading | None = None


class Because(Record):
    """The reason of a step."""

    reason: Reason


async def add_participant(call: Call, *, path: ValidationPath, body: NewParticipant) -> Participant:
    """Put an account or a contact person on the roster."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        return await actions.add_participant(
            tx, access, role=body.role, account_id=body.account_id, person_id=body.person_id
        )


async def schedule_session(call: Call, *, path: ValidationPath, body: NewSession) -> ValidationSession:
    """Plan a session by the clocks of its site."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        return await actions.schedule_session(tx, access, **dict(body))


async def reschedule_session(call: Call, *, path: SessionPath, body: NewTime) -> ValidationSession:
    """Move a planned session and write to everybody invited."""
    async with call.services.database.write() as tx:
        access, _ = await access_session_of(tx, call.principal, path.validation_session_id)
        session = await actions.reschedule_session(tx, access, path.validation_session_id, **dict(body))
        await move_expiry(tx, session)
        await move_token_expiry(tx, session)
        await tell_invited(tx, session, MailKind.RESCHEDULED, reason=body.reason)
        return session


async def cancel_session(call: Call, *, path: SessionPath, body: Because) -> ValidationSession:
    """Call a planned session off and write to everybody invited."""
    async with call.services.database.write() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        await actions.cancel_session(tx, access, session.id, reason=body.reason)
        await tell_invited(tx, session, MailKind.CANCELLED, reason=body.reason)
        return await store.get_session(tx, access.validation_id, session.id)


async def mark_no_show(call: Call, *, path: SessionPath, body: Because) -> ValidationSession:
    """State that the member did not come."""
    async with call.services.database.write() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        await actions.mark_no_show(tx, access, session.id, reason=body.reason)
        return await store.get_session(tx, access.validation_id, session.id)


async def close_validation(call: Call, *, path: ValidationPath, body: Because) -> None:
    """Close a validation without a review: sessions to come are called off, and its ledger is signed."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        for session in await actions.close_validation(tx, access, note=body.reason):
            await tell_invited(tx, session, MailKind.CANCELLED, reason=body.reason)
        await ask_checkpoint(tx, case_log(CaseId(path.validation_id)))


_OF_VALIDATION = "/api/validations/{validation_id}"
_SESSION = "/api/validation-sessions/{validation_session_id}"
OPERATIONS = (
    Operation("POST", f"{_OF_VALIDATION}/participants", add_participant, "Add a participant", Who.ACCOUNT, 201),
    Operation("POST", f"{_OF_VALIDATION}/sessions", schedule_session, "Plan a session", Who.ACCOUNT, 201),
    Operation("POST", f"{_SESSION}/reschedule", reschedule_session, "Move a planned session", Who.ACCOUNT),
    Operation("POST", f"{_SESSION}/cancel", cancel_session, "Call a planned session off", Who.ACCOUNT),
    Operation("POST", f"{_SESSION}/no-show", mark_no_show, "State that the member did not come", Who.ACCOUNT),
    Operation(
        "POST",
        f"{_OF_VALIDATION}/close",
        close_validation,
        "Close a validation without a review",
        Who.GOVERNMENT,
        204,
    ),
)
