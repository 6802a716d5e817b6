"""Who is asking: the person behind a login, as every handler sees them."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from evidence.records import Name, Record


class Side(StrEnum):
    """The two sides of a validation."""

    GOVERNMENT = "government"
    MEMBER = "member"


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
