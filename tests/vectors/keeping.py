"""A paper and a still on their way to the end, by way of a hold that only the government reads of."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from evidence.custody import events as custody
from evidence.custody.rules import Disposal
from evidence.ids import ItemId
from evidence.items.events import ItemFiled
from evidence.items.rules import RetentionClass
from evidence.ledger.events import Actor, Event


def kept(still: ItemId, papers: ItemId, begin: datetime, *, by: Actor, worker: Actor) -> Iterator[tuple[Event, Actor]]:
    """Return what is done to the keeping of both. Args: begin: when the log begins; by: of the government."""
    sealed_until, later = begin + timedelta(days=1825), begin + timedelta(days=2000)
    paper, photo = {"item_id": papers}, {"item_id": still}
    digest = sha256(b"photo").hexdigest()
    yield ItemFiled(**photo, digest=digest, retain_until=sealed_until), worker
    yield custody.ItemSealed(**photo, digest=digest, retain_until=sealed_until, store="SeaweedFS"), worker
    general = RetentionClass.GENERAL
    yield custody.RetentionSet(**photo, retention_class=general, retain_until=later), worker
    yield custody.RetentionSet(**paper, retention_class=general, retain_until=sealed_until), worker
    yield custody.ItemHeld(**paper, reason="A subpoena."), by
    yield custody.ItemHeld(**photo, reason="A subpoena."), by
    yield custody.HoldLifted(**photo, reason="It was withdrawn."), by
    yield custody.ItemReleased(**photo, reason="Not needed."), by
    because = {"digest": digest, "reason": "Its time is over."}
    yield custody.DisposalOrdered(**photo, **because, key_destroyed=False), by
    gone = {"bytes": 2_345_678, "way": Disposal.ERASED, "derivatives": (sha256(b"thumbnail").hexdigest(),)}
    yield custody.ItemDisposed(**photo, **because, **gone, ordered_by=by.name), worker
