"""What opens the relay for one person and a while: credentials that coturn checks with the secret it shares with us."""

import hashlib
import hmac
from base64 import b64encode
from datetime import datetime
from typing import NamedTuple


class RelayCredential(NamedTuple):
    """User name and password of one holder; coturn knows no other users."""

    username: str
    password: str


def relay_credential(secret: str, holder: str, *, expires_at: datetime) -> RelayCredential:
    """Return what lets a holder allocate relay addresses until a moment.

    Args:
        secret: coturn's `static-auth-secret`.
        holder: whom coturn's quota counts for; any text, an id and no name, because it travels and is logged.
        expires_at: aware; whole seconds count. What was allocated before lives on.

    Source: coturn's README.turnserver, 'TURN REST API'; HMAC-SHA-1 is what it fixes, and is sound as a MAC.
    """
    username = f"{int(expires_at.timestamp())}:{holder}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return RelayCredential(username, b64encode(digest).decode())
