"""ICE-lite of one connection: its credentials, and the checks of a peer. Sources: RFC 8445, 2.5 and 7.3; RFC 8489."""

import secrets
import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from aioice import stun

Host = tuple[str, int]
"""IP address and port of ours, as peers are told."""
Address = tuple[str, int] | tuple[str, int, int, int]
"""IP address and port of a peer as its socket tells them: for IPv6 flow label and scope follow (RFC 3493, 3.3)."""
CHECK_BYTES = 1_000
"""Longest check that is read; a browser's has about 110 bytes."""
CONSENT_S = 30.0
"""A peer that has not checked for this long is gone (RFC 7675, 5.1)."""
_STUN_LAST = 3
UFRAG_BYTES, PASSWORD_BYTES = 6, 18
"""Random bytes behind the credentials: 48 and 144 bits (RFC 8445, 5.3 asks for 24 and 128)."""


class Credentials(NamedTuple):
    """What a side of a connection is called and proves itself with."""

    ufrag: str
    password: str


def new_credentials() -> Credentials:
    """Return credentials that nobody can guess."""
    ufrag = secrets.token_urlsafe(UFRAG_BYTES).replace("_", "/").replace("-", "+")  # ice-char has no others
    return Credentials(ufrag, secrets.token_hex(PASSWORD_BYTES))


class Check(NamedTuple):
    """A binding request that can be read, not proved yet."""

    message: stun.Message
    ufrag: str
    """Ours, which the sender names first."""


class Reply(NamedTuple):
    """What a proved check gets, and whether it nominates its path."""

    datagram: bytes
    nominates: bool


def is_stun(datagram: bytes) -> bool:
    """Say whether a datagram is STUN by its first byte (RFC 7983, 7)."""
    return datagram[0] <= _STUN_LAST


def read_check(datagram: bytes) -> Check | None:
    """Return the binding request in a datagram; None for anything else."""
    if len(datagram) > CHECK_BYTES:
        return None
    try:
        message = stun.parse_message(datagram)
    except (ValueError, LookupError, struct.error):  # the parser has no error of its own
        return None
    if (message.message_method, message.message_class) != (stun.Method.BINDING, stun.Class.REQUEST):
        return None
    username = message.attributes.get("USERNAME", "")
    return Check(message, username.partition(":")[0])


@dataclass
class IceLite:
    """Our side of one connection's ICE. A restart is another one: the credentials before it count no more."""

    credentials: Credentials = field(default_factory=new_credentials)
    remote_ufrag: str = ""
    checked_s: float = 0.0
    """When the last proved check came, on the monotonic clock."""

    def answer(self, check: Check, address: Address, now_s: float) -> Reply | None:
        """Return the reply to a check; None when it proves nothing."""
        message = check.message
        username = f"{self.credentials.ufrag}:{self.remote_ufrag}"
        if message.attributes.get("USERNAME") != username:
            return None
        key = self.credentials.password.encode()
        if not message.check_message_integrity(key):
            return None
        self.checked_s = now_s
        reply = stun.Message(
            stun.Method.BINDING,
            stun.Class.RESPONSE,
            transaction_id=message.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": address},
        )
        reply.add_message_integrity(key)
        return Reply(bytes(reply), "USE-CANDIDATE" in message.attributes)
