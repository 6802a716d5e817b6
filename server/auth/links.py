"""Signed tokens of join links. The signature shows that we made it; whether it opens is in the invitation's row."""

from typing import Final
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from sessions.errors import InvitationNotFound
from sessions.ids import InvitationId

_KEY_BYTES: Final = 32
_JOIN: Final = b"sightline join link"
"""The salt of the purpose: a token made for anything else does not open a room."""
_TICKET: Final = b"sightline ticket for evidence"
TICKET_LIFE_S: Final = 7200
"""Long enough to watch a tour through and seek in it; login and access are looked up at each request all the same."""


def sign_invitation(secret: bytes, invitation_id: InvitationId) -> str:
    """Return the token of an invitation's join link; it is the same one whenever it is asked for.

    Args: secret: one or more keys of 32 bytes, the newest last; it signs, the older ones still verify.
    """
    return _join_serializer(secret).dumps(invitation_id.hex)


def read_invitation(secret: bytes, token: str) -> InvitationId:
    """Return the invitation that a join link's token names; raises InvitationNotFound when we did not sign it."""
    try:
        named: object = _join_serializer(secret).loads(token)
        return InvitationId(UUID(hex=str(named)))
    except (BadSignature, ValueError):
        raise InvitationNotFound from None


def sign_ticket(secret: bytes, login_id: UUID, path: str) -> str:
    """Return a ticket that lets one login fetch one path from the origin of evidence bytes, for `TICKET_LIFE_S`."""
    return _ticket_serializer(secret).dumps([login_id.hex, path])


def read_ticket(secret: bytes, ticket: str, path: str) -> UUID | None:
    """Return the login that a ticket was made for; None for another path, a stale ticket, or one not of ours."""
    try:
        named: object = _ticket_serializer(secret).loads(ticket, max_age=TICKET_LIFE_S)
    except BadSignature:
        return None
    match named:
        case [str(login_id), str(of)] if of == path:
            return UUID(hex=login_id)
    return None


def _ticket_serializer(secret: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_keys(secret), salt=_TICKET)


def _keys(secret: bytes) -> list[bytes]:
    return [secret[start : start + _KEY_BYTES] for start in range(0, len(secret), _KEY_BYTES)]


def _join_serializer(secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(_keys(secret), salt=_JOIN)


def join_url(origin: str, token: str) -> str:
    """Return the join link; the token is in the fragment, which browsers send to nobody."""
    return f"{origin}/join#{token}"


def sign_in_url(origin: str, token: str) -> str:
    """Return a single-use sign-in link; the token is in the fragment, which browsers send to nobody."""
    return f"{origin}/enter#{token}"


def room_url(origin: str, validation_id: UUID, validation_session_id: UUID) -> str:
    """Return the page of a session's room, which asks to sign in who is not."""
    return f"{origin}/room/{validation_id}/{validation_session_id}"
