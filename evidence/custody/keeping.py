"""Setting at the store what an item's keeping says, and reading it back. No transaction here."""

from datetime import datetime

from evidence.custody.errors import KeepingDiffers
from evidence.ids import ObjectKey
from evidence.objects.port import CustodyStore


async def keep_object(custodian: CustodyStore, key: ObjectKey, *, until: datetime | None, held: bool) -> None:
    """Let the store keep an object until a date at least, and under a hold or not; repeating it is harmless.

    Raises: KeepingDiffers when the store does not show it afterwards; ObjectMissing, StoreForbids, StoreUnavailable.
    """
    if until is not None:
        await custodian.retain(key, until)
    await custodian.set_hold(key, on=held)
    shown = await custodian.keeping(key)
    too_short = until is not None and (shown.retain_until is None or shown.retain_until < until)
    if too_short or shown.held is not held:
        date = "" if shown.retain_until is None else shown.retain_until.isoformat()
        raise KeepingDiffers(key=key, retain_until=date, held=int(shown.held))
