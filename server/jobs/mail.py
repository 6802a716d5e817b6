"""The job that sends one mail of the outbox."""

import asyncio
from email.message import EmailMessage
from functools import partial
from uuid import UUID

from evidence.records import Json
from server.jobs.letters.delivery import send_by_smtp, write_to_folder
from server.jobs.letters.message import write_message
from server.jobs.letters.outbox import get_occasion, mark_sent
from server.services import Services


async def send_mail(services: Services, payload: dict[str, Json]) -> None:
    """Write and send the mail `mail_id`, unless it was sent or has become pointless."""
    mail_id = UUID(str(payload["mail_id"]))
    async with services.database.read() as tx:
        occasion = await get_occasion(tx, mail_id)
    if occasion is None:
        return
    if not occasion.is_obsolete:
        write = partial(write_message, occasion, services.settings, services.link_secret, now=services.clock())
        # Time zones are files, and the calendar file asks for one: not on the loop.
        message = await asyncio.get_running_loop().run_in_executor(services.cpu, write)
        await _deliver(services, mail_id, message)
    async with services.database.write() as tx:
        await mark_sent(tx, mail_id)


async def _deliver(services: Services, mail_id: UUID, message: EmailMessage) -> None:
    url = services.settings.smtp_url.get_secret_value()
    if url:
        await send_by_smtp(url, message)
        return
    folder = services.settings.root / "outbox"
    await asyncio.get_running_loop().run_in_executor(services.store, write_to_folder, folder, mail_id, message)
