"""The parts of a process, built from its settings and closed at its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from pydantic import SecretStr

from evidence.intake.imaging import Imaging
from evidence.intake.scanning import Scanner
from evidence.intake.staging import Staging
from evidence.locker import Intake
from evidence.objects.local import LocalStore
from evidence.objects.local_custody import LocalCustody
from evidence.objects.probe import ProvableCustody, ProvableStore
from evidence.objects.s3 import S3Store
from evidence.objects.s3_connection import S3Settings
from evidence.objects.s3_custody import S3Custody
from server.auth.limits import RateLimits
from server.clock import Clock, system_clock
from server.config import Settings, load_secret
from server.db import Database
from server.media.control import MediaControl
from server.media.processes import MediaProcesses, Retired
from server.services import Services
from server.snapshots import Snapshots
from server.surplus import spool_is_needed, surplus_names


def open_store(settings: Settings, executor: Executor) -> ProvableStore:
    """Return the object store the settings name."""
    if settings.objects == "local":
        return LocalStore(settings.root / "objects", executor=executor)
    return S3Store(_bucket(settings, settings.s3_access_key, settings.s3_secret_key), executor=executor)


def open_custody(settings: Settings, executor: Executor, clock: Clock) -> ProvableCustody:
    """Return the lock of that store, with the custodian's key where one is set; for the worker and the doctor alone."""
    if settings.objects == "local":
        return LocalCustody(settings.root / "objects", executor=executor, clock=clock)
    access_key, secret_key = settings.s3_custodian_access_key, settings.s3_custodian_secret_key
    if not access_key.get_secret_value():
        access_key, secret_key = settings.s3_access_key, settings.s3_secret_key
    return S3Custody(_bucket(settings, access_key, secret_key), executor=executor)


def _bucket(settings: Settings, access_key: SecretStr, secret_key: SecretStr) -> S3Settings:
    return S3Settings(
        endpoint=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        region=settings.s3_region,
        access_key=access_key,
        secret_key=secret_key,
    )


def _control(settings: Settings, name: str) -> MediaControl:
    return MediaControl(settings.runtime / f"{name}.sock")


@asynccontextmanager
async def open_services(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Services]:
    """Build what handlers and jobs use, and close it at the end."""
    async with contextlib.AsyncExitStack() as stack:
        cpu, store = ThreadPoolExecutor(2, "cpu"), ThreadPoolExecutor(8, "store")
        for executor in (cpu, store):  # shut down in a thread: waiting for the last call would stop the loop
            stack.push_async_callback(asyncio.to_thread, executor.shutdown)
        database = Database(settings.database, clock)
        stack.push_async_callback(database.close)
        media = MediaProcesses(
            {name: _control(settings, name) for name in settings.media_names},
            retired=[
                Retired(name, _control(settings, name), partial(spool_is_needed, settings, name))
                for name in await asyncio.to_thread(surplus_names, settings)
            ],
        )
        stack.push_async_callback(media.close)
        objects = open_store(settings, store)
        imaging = Imaging(size=2)
        stack.push_async_callback(imaging.close)
        wrapping = await asyncio.to_thread(load_secret, settings, "wrapping")
        limits = RateLimits()
        stack.push_async_callback(limits.close)
        scanner = Scanner(settings.clamd, executor=store) if settings.clamd else None
        yield Services(
            settings=settings,
            database=database,
            clock=clock,
            objects=objects,
            cpu=cpu,
            store=store,
            intake=Intake(
                objects, Staging(settings.root / "uploads", executor=store), imaging, cpu, clock, wrapping, scanner
            ),
            media=media,
            limits=limits,
            snapshots=Snapshots(database),
            link_secret=await asyncio.to_thread(load_secret, settings, "links"),
        )
