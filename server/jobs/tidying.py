"""What the worker clears away: uploads that nobody finished in time, and what crashes left in the staging folder."""

from datetime import timedelta

from evidence.intake.rules import UPLOAD_LIFETIME
from evidence.intake.store import expire_uploads
from server.services import Services

BATCH = 500
LEFT_BEHIND = UPLOAD_LIFETIME + timedelta(days=1)
"""A staging file that old belongs to no upload that can be resumed, and to no job that still runs."""


async def tidy_uploads(services: Services) -> None:
    """Expire unfinished uploads whose time is over, and remove the bytes of those and of crashed work and puts."""
    staging = services.intake.staging
    while True:
        async with services.database.write() as tx:
            expired = await expire_uploads(tx, now=tx.now, limit=BATCH)
        for upload_id in expired:
            await staging.discard(upload_id)
        if len(expired) < BATCH:
            break
    await staging.sweep(before=services.clock() - LEFT_BEHIND)
    await services.objects.clear_unfinished(services.clock() - LEFT_BEHIND)
