"""The life of an item after it is filed: sealed, held or released, disposed; and how long it is kept. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from evidence.custody.errors import CustodyConflict, StillKept
from evidence.ids import CaseId, ItemId
from evidence.items.rules import ItemState, RetentionClass
from evidence.ledger.events import Actor
from evidence.objects.probe import StoreProof
from evidence.records import Instant, Record, Text

PROOF_LIFETIME: Final = timedelta(hours=36)
"""How long a proof of the store's lock counts: the canary's day, and half a day for a worker that was away."""


class Stage(StrEnum):
    """Where an item is. A hold is apart from it: it stops release and disposal at any stage before these.

    ADMITTED, FILED and QUARANTINED as `ItemState`: filed is examined, read back and equal. SEALED: filed, under a lock
    that a probe has proved. RELEASED: nobody needs it any more. DISPOSING: to be destroyed, and closed to readers.
    DISPOSED: its bytes are gone.
    """

    ADMITTED = "admitted"
    FILED = "filed"
    QUARANTINED = "quarantined"
    SEALED = "sealed"
    RELEASED = "released"
    DISPOSING = "disposing"
    DISPOSED = "disposed"


GONE: Final = frozenset({Stage.DISPOSING, Stage.DISPOSED})
_RELEASABLE: Final = frozenset({Stage.FILED, Stage.SEALED, Stage.QUARANTINED})


class Disposal(StrEnum):
    """What became of a disposed item's bytes.

    ERASED: every version of them. KEY_DESTROYED: they are still locked, and nobody can read them: the key that they
    alone were encrypted with is gone. SHARED: another item has the same bytes, which stay.
    """

    ERASED = "erased"
    KEY_DESTROYED = "key_destroyed"
    SHARED = "shared"


class Custody(Record):
    """What is known of the keeping of one item; of an item that nothing has happened to yet, only its ids."""

    item_id: ItemId
    case_id: CaseId
    retain_until: Instant | None = None
    held: bool = False
    sealed_at: Instant | None = None
    released_at: Instant | None = None
    ordered_at: Instant | None = None
    disposed_at: Instant | None = None
    ordered_by: Actor | None = None
    reason: Text | None = None
    """Why it is to be disposed of."""


def stage_of(state: ItemState, custody: Custody) -> Stage:
    """Return where an item is; what was isolated under its seal is not shown as sealed, though the store keeps it."""
    is_shown = state is not ItemState.QUARANTINED
    reached = (
        (Stage.DISPOSED, custody.disposed_at),
        (Stage.DISPOSING, custody.ordered_at),
        (Stage.RELEASED, custody.released_at),
        (Stage.SEALED, custody.sealed_at if is_shown else None),
    )
    return next((stage for stage, at in reached if at is not None), Stage(state.value))


class RetentionPolicy(Record):
    """How many days each class is kept, counted from the entry that admitted the item."""

    days: Mapping[RetentionClass, int]


DEFAULT_POLICY: Final = RetentionPolicy(
    days={RetentionClass.GENERAL: 1825, RetentionClass.IDENTITY_PAPER: 365, RetentionClass.PERSONNEL_FILE: 365}
)
"""Five years, as 19 CFR 163.4 names for customs records; a year for what is about persons. An office may set others."""


def retention_end(
    policy: RetentionPolicy, kind: RetentionClass, *, admitted_at: datetime, stated: datetime | None
) -> datetime:
    """Return until when an item is kept: as the policy says, and never before what the ledger has stated already."""
    computed = admitted_at + timedelta(days=policy.days[kind])
    return computed if stated is None else max(computed, stated)


def offers_seal(proof: StoreProof, proved_at: datetime, *, now: datetime) -> bool:
    """Say whether an item may be called sealed: the store's lock was proved, and not long ago."""
    return proof.locks and now - proved_at <= PROOF_LIFETIME


def may_seal(state: ItemState, custody: Custody) -> bool:
    """Say whether a seal is still due: the item is filed, and nobody has sealed it or let it go."""
    return stage_of(state, custody) is Stage.FILED


def check_hold(state: ItemState, custody: Custody) -> None:
    """Refuse a hold on what is held already, or going. Raises: CustodyConflict."""
    if custody.held or stage_of(state, custody) in GONE:
        raise _conflict(state, custody, "hold")


def check_lift(state: ItemState, custody: Custody) -> None:
    """Refuse to lift a hold that there is not. Raises: CustodyConflict."""
    if not custody.held:
        raise _conflict(state, custody, "lift")


def check_release(state: ItemState, custody: Custody) -> None:
    """Refuse to release what is held, not examined yet, or released already. Raises: CustodyConflict."""
    if custody.held or stage_of(state, custody) not in _RELEASABLE:
        raise _conflict(state, custody, "release")


def check_disposal(state: ItemState, custody: Custody, *, keeps_until: datetime, own_key: bool, now: datetime) -> None:
    """Refuse to dispose of what is not released, is held, or is to be kept longer.

    Args:
        state: of the item.
        custody: its keeping.
        keeps_until: the end of its retention.
        own_key: whether it is encrypted with a key of its own; it may be withdrawn while its bytes are still locked.
        now: the moment of the order.

    Raises: CustodyConflict, StillKept.
    """
    if custody.held or stage_of(state, custody) is not Stage.RELEASED:
        raise _conflict(state, custody, "dispose")
    if not own_key and now < keeps_until:
        raise StillKept(item_id=str(custody.item_id), retain_until=keeps_until.isoformat())


def keeps_longest(dates: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the dates that several items with the same bytes are kept until."""
    return max((date for date in dates if date is not None), default=None)


def _conflict(state: ItemState, custody: Custody, wanted: str) -> CustodyConflict:
    stage = stage_of(state, custody).value
    return CustodyConflict(item_id=str(custody.item_id), stage=stage, held=int(custody.held), wanted=wanted)
