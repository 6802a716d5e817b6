"""Secrets of media tokens: made here, shown once, and known by their digest from then on."""

import secrets
from typing import Final

_PREFIX: Final = "slm_"
"""Tells a media token from a login's, so that neither is ever looked up as the other."""


def new_media_secret() -> str:
    """Return a new secret of 32 random bytes."""
    return _PREFIX + secrets.token_urlsafe(32)


def is_media_secret(token: str) -> bool:
    """Say whether a bearer token can only be a media token."""
    return token.startswith(_PREFIX)
