"""The deployment's signing key: made once by the worker, and never a second time."""

import asyncio
from uuid import UUID

import pytest

from evidence.ids import CaseId, case_log
from server.errors import StartupError
from server.jobs.checkpoints import ask_checkpoint
from server.jobs.working import load_signer, worker_signer
from server.keys import public_key_path, read_public_key, signing_key_path
from tests.parts.site import Site


async def test_a_lost_key_is_not_replaced(embedded_site: Site) -> None:
    """A worker without its volume, or a command run beside the API, stops instead of signing as somebody else."""
    settings = embedded_site.services.settings
    made = await worker_signer(embedded_site.services)
    again = await asyncio.to_thread(load_signer, settings)
    assert made.vkey == again.vkey == await asyncio.to_thread(read_public_key, settings)
    folder = await asyncio.to_thread(signing_key_path(settings).parent.stat)
    assert folder.st_mode & 0o777 == 0o700
    await asyncio.to_thread(signing_key_path(settings).unlink)
    with pytest.raises(StartupError, match="the signing key is not at"):
        await worker_signer(embedded_site.services)
    with pytest.raises(StartupError, match="the signing key is not at"):
        await asyncio.to_thread(load_signer, settings)
    assert await asyncio.to_thread(read_public_key, settings) == made.vkey


async def test_an_empty_data_folder_beside_a_signed_database_makes_no_key(embedded_site: Site) -> None:
    """Restored without its keys, a deployment waits for them."""
    site = embedded_site
    async with site.services.database.write() as tx:
        await ask_checkpoint(tx, case_log(CaseId(UUID(site.ids["validation"]))))
    await site.work()
    for path in (signing_key_path(site.services.settings), public_key_path(site.services.settings)):
        await asyncio.to_thread(path.unlink)
    with pytest.raises(StartupError, match="the signing key is not at"):
        await worker_signer(site.services)
