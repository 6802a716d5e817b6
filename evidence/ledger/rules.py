"""The exact bytes of an entry, and who may read its body. Pure: no database, no clock, no random numbers.

The tree over the entries is in `tree`, what a checkpoint says in `checkpoints`.
"""

import json
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import rfc8785
from pydantic import Field

from evidence.ids import LogId
from evidence.ledger.errors import BodyInvalid
from evidence.ledger.events import Actor, EntryClass, EntryDraft, LogKind
from evidence.ledger.tree import leaf_hash
from evidence.records import Count, Instant, Json, Record, Sha256Hex

SALT_BYTES = 16
"""128 random bits an entry: a commitment to a short body cannot be guessed."""


class Audience(StrEnum):
    """Which side a reader is on: it decides whose bodies the reader gets, never which headers."""

    GOVERNMENT = "government"
    MEMBER = "member"


class Header(Record):
    """What everybody in the case may know of an entry."""

    log_id: LogId
    seq: Count
    entry_class: EntryClass
    at: Instant
    commitment: Sha256Hex


class Body(Record):
    """What an entry says, as its canonical bytes carry it."""

    tag: str = Field(min_length=3)
    actor: Actor
    data: dict[str, Json]


def readable_classes(kind: LogKind, audience: Audience) -> frozenset[EntryClass]:
    """Return the classes whose bodies this audience may read; of the rest it gets the header only.

    A member reads its own case, except what is for the government alone; access and deployment logs are not its own.
    """
    if audience is Audience.GOVERNMENT:
        return frozenset(EntryClass)
    if kind is not LogKind.CASE:
        return frozenset()
    return frozenset({EntryClass.COMMON, EntryClass.BODY_DESTROYED})


def timestamp(at: datetime) -> str:
    """Return a UTC time as the header writes it: always six digits of a second, always Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_bytes(draft: EntryDraft) -> bytes:
    """Return the canonical bytes of what an entry says.

    Raises: BodyInvalid for a value canonical JSON cannot carry (a whole number beyond 2^53 - 1, a lone surrogate).
    Source: RFC 8785.
    """
    try:
        return rfc8785.dumps({"actor": draft.actor.model_dump(mode="json"), "data": draft.data, "tag": draft.tag})
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as refusal:
        raise BodyInvalid(reason=str(refusal)) from refusal


def read_body(body: bytes) -> Body:
    """Read canonical bytes back; raises pydantic.ValidationError when they say something of another shape."""
    return Body.model_validate(json.loads(body))


def commitment(salt: bytes, body: bytes) -> str:
    """Return the digest that binds a header to a body without telling it.

    Raises: BodyInvalid for an empty body or a salt of another length: it would bind to nothing.
    """
    if not body or len(salt) != SALT_BYTES:
        raise BodyInvalid(reason="empty body or wrong salt")
    return sha256(salt + body).hexdigest()


def header_bytes(header: Header) -> bytes:
    """Return the canonical bytes of a header: RFC 8785 JSON of at, class, commitment, log and seq."""
    return rfc8785.dumps(
        {
            "at": timestamp(header.at),
            "class": header.entry_class.value,
            "commitment": header.commitment,
            "log": str(header.log_id),
            "seq": header.seq,
        }
    )


def entry_leaf(header: Header) -> bytes:
    """Return the hash by which the entry stands in its log's tree."""
    return leaf_hash(header_bytes(header))
