"""Who is asking: the person behind a login, as every handler sees them."""

from typing import Literal
from uuid import UUID

from evidence.records import Name, Record
from sessions.roster.rules import Side


class Principal(Record):
    """A signed-in person: an account, or a guest whom a join link bound to one participant of one session."""

    login_id: UUID
    kind: Literal["account", "guest"]
    name: Name
    email: str = ""
    side: Side
    office_role: str | None = None
    member_id: UUID | None = None
    account_id: UUID | None = None
    participant_id: UUID | None = None
    validation_id: UUID | None = None
    validation_session_id: UUID | None = None
    language: str = "en"
