"""What the deployment's log states about signing in. Government class: members never read that log."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from evidence.ledger.events import EntryClass, Event


class LoginOpened(Event):
    """Somebody signed in: by password, by a single-use link, or as a guest by an invitation."""

    TAG = "auth.login_opened"
    ENTRY_CLASS = EntryClass.GOVERNMENT
    login_id: UUID
    way: Literal["password", "link", "invitation"]
    address: str = Field(max_length=64)
    user_agent: str = Field(max_length=200)


class SignInRefusedNoted(Event):
    """A password was refused.

    The address typed is left out when no account has it: people type passwords into that field.
    """

    TAG = "auth.sign_in_refused"
    ENTRY_CLASS = EntryClass.GOVERNMENT
    account_id: UUID | None
    address: str = Field(max_length=64)


class LoginRevoked(Event):
    """A login was ended, by its owner or by somebody in charge."""

    TAG = "auth.login_revoked"
    ENTRY_CLASS = EntryClass.GOVERNMENT
    login_id: UUID


class PasswordSet(Event):
    """An account got a new password."""

    TAG = "auth.password_set"
    ENTRY_CLASS = EntryClass.GOVERNMENT
    account_id: UUID
