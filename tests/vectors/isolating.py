"""A film that is admitted and later found to be infected."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from uuid import UUID

from evidence.ids import ItemId
from evidence.items.events import ItemAdmitted, ItemIsolated
from evidence.items.rules import Claims, Facts, ItemKind
from evidence.ledger.events import Actor, Event

FILM = ItemId(UUID("5167f1ac-0000-7000-8000-0000000000f1"))


def isolated(about: Mapping[str, UUID | None], sender: Actor, worker: Actor) -> Iterator[tuple[Event, Actor]]:
    """Return both events. Args: about: who sent it and what it belongs to."""
    digest = sha256(b"film").hexdigest()
    admitted: dict[str, object] = {
        "item_id": FILM,
        "digest": digest,
        "bytes": 9_000_000,
        "filename": "patio.mp4",
        "media_type": "video/mp4",
        "kind": ItemKind.VIDEO,
        "claims": Claims(),
        "facts": Facts(width_px=1920, height_px=1080, duration_ms=21_500),
        "criterion_id": None,
        "camera": None,
    }
    yield ItemAdmitted.model_validate(admitted | dict(about)), sender
    yield ItemIsolated(item_id=FILM, digest=digest, reason="not_accepted"), worker
