"""Signed tokens of join links. The signature shows that we made it; whether it opens is in the invitation's row."""

from typing import Final
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from sessions.errors import InvitationNotFound
from sessions.ids import InvitationId

_KEY_BYTES: Final = 32
_JOIN: Final = b"sightline join link"
"""The salt of the purpose: a token made for anything else does not open a room."""


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


def _join_serializer(secret: bytes) -> URLSafeSerializer:
    keys = [secret[start : start + _KEY_BYTES] for start in range(0, len(secret), _KEY_BYTES)]
    return URLSafeSerializer(keys, salt=_JOIN)


def join_url(origin: str, token: str) -> str:
    """Return the join link; the token is in the fragment, which browsers send to nobody."""
    return f"{origin}/join#{token}"


def sign_in_url(origin: str, token: str) -> str:
    """Return a single-use sign-in link; the token is in the fragment, which browsers send to nobody."""
    return f"{origin}/enter#{token}"


def room_url(origin: str, validation_id: UUID, validation_session_id: UUID) -> str:
    """Return the page of a session's room, which asks to sign in who is not."""
    return f"{origin}/room/{validation_id}/{validation_session_id}"
