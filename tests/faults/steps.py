"""Kill -9 between every two steps of a job, and look what the next worker makes of it.

A step is a commit, a file that is written, linked, renamed or removed, or a request to the store. The job runs in a
process of its own that counts its steps and kills itself at the n-th; then another one works on, and fsck reads it all.
Run as a program it prints one line of JSON: how often the job was killed, and how all of that ended, each end once.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import event, select

from evidence import locker
from evidence.custody.rules import stage_of
from evidence.custody.store import get_custody
from evidence.fsck import fsck
from evidence.ids import ItemId
from evidence.intake.rules import Accepted, Arrival
from evidence.items.rules import Claims, Facts, Item, ItemContext, ItemKind, RetentionClass
from evidence.items.tables import evidence_item
from evidence.ledger.events import Actor
from evidence.objects.encryption import new_key, wrap_key
from server.clock import system_clock
from server.config import Settings, load_settings, prepare_folders
from server.jobs.custody import ask_keeping
from server.jobs.probing import probe_when_due
from server.jobs.queue import LEASE, enqueue
from server.jobs.worker import JobHandler, take_turn
from server.jobs.working import job_handlers, worker_custodian, worker_signer
from server.services import Services
from server.wiring import open_services
from tests.parts.cases import opened_case, stated_entries
from tests.parts.databases import copy_sqlite, create_schema, sqlite_url
from tests.parts.filed import PERSON

LEAD: Final = Actor(kind="participant", id="l1", name="Ruth Delgado", role="scss_lead")
STEPS: Final = frozenset({"os.link", "os.rename", "os.remove", "os.mkdir", "http.client.send"})
LONGEST: Final = 200
"""Steps after which a job that is never through is given up."""
SENSITIVE: Final = "disposal_under_a_lock"
KEPT: Final = timedelta(days=1826)
"""A general item's time is over then."""


async def handlers_of(services: Services) -> dict[str, JobHandler]:
    """Return what the worker can do."""
    return dict(job_handlers(await worker_signer(services), worker_custodian(services)))


async def work(services: Services) -> None:
    """Do every job that is due."""
    handlers = await handlers_of(services)
    while await take_turn(services, handlers):
        pass


async def probe(services: Services) -> None:
    """Prove the lock of the store, which every copy of the template then knows."""
    if services.settings.objects == "s3":
        await probe_when_due(worker_custodian(services), services)


async def file_one(services: Services, scenario: str) -> None:
    """File an item; for a disposal it is kept by the store as well."""
    shows = RetentionClass.IDENTITY_PAPER if scenario == SENSITIVE else RetentionClass.GENERAL
    item_id = await _admit(services, shows)
    async with services.database.write() as tx:
        await locker.file_item(tx, item_id, LEAD)
        await ask_keeping(tx, item_id)
    if scenario != "sealing":
        await work(services)


async def _admit(services: Services, shows: RetentionClass) -> ItemId:
    case_id, own = await opened_case(services.database), new_key() if shows.own_key else None
    stored = await locker.store_bytes(
        services.intake, os.urandom(5000), case_id=case_id, media_type="image/jpeg", own_key=own
    )
    context = ItemContext(participant_id=PERSON, retention_class=shows)
    accepted = Accepted(
        arrival=Arrival(case_id=case_id, kind=ItemKind.PHOTO, filename="gate.jpg", context=context),
        digest=stored.digest,
        bytes=stored.bytes,
        media_type="image/jpeg",
        object_key=stored.object_key,
        claims=Claims(),
        facts=Facts(),
        stored_at=stored.stored_at,
        own_key=None if own is None else wrap_key(services.intake.wrapping, own, of=stored.object_key),
    )
    async with services.database.write() as tx:
        return (await locker.admit(tx, accepted, LEAD)).id


async def order(services: Services) -> None:
    """Release the item and order its disposal."""
    item = await the_item(services)
    async with services.database.write() as tx:
        await locker.release_item(tx, item.id, LEAD, reason="Not needed.")
    async with services.database.write() as tx:
        await locker.order_disposal(tx, item.id, LEAD, reason="Its time is over.")
        await enqueue(tx, "dispose_item", {"item_id": str(item.id)})


async def the_item(services: Services) -> Item:
    """Return the only item there is."""
    async with services.database.read() as tx:
        row = (await tx.execute(select(evidence_item))).mappings().one()
    return Item.model_validate(dict(row))


async def work_and_die(services: Services, step: int) -> None:
    """Do every job that is due, and die at the step of that number."""
    handlers, left, root = await handlers_of(services), [step], str(services.settings.root)

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(name: str, about: tuple[object, ...]) -> None:
        flags = about[2] if name == "open" else 0
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR) and str(about[0]).startswith(root)
        if name in STEPS or writes:
            count()

    engine = services.database.writer.sync_engine
    event.listen(engine, "commit", count)
    event.listen(engine.pool, "checkin", count)
    sys.addaudithook(hear)
    while await take_turn(services, handlers):
        pass


async def look(services: Services) -> list[str]:
    """Work on; then return the item's stage, the tags of its case, what is stored, and what fsck says."""
    await work(services)
    item = await the_item(services)
    async with services.database.read() as tx:
        stage = stage_of(item.state, await get_custody(tx, item))
    tags = [tag for tag, _ in await stated_entries(services.database, item.case_id)]
    stored = [key async for key in services.objects.list_keys(f"cases/{item.case_id}/")]
    report = await fsck(services.database.read, services.intake)
    mine = [key for key in report.orphans if str(item.case_id) in key]  # the bucket has other runs' objects too
    wrong = [fault.code for fault in report.faults] + ["orphan" for _ in mine]
    return [stage.value, *tags, f"{len(stored)} objects", *wrong]


def apart(settings: Settings, ahead: timedelta, act: Callable[[Services], Awaitable[object]]) -> tuple[int, str]:
    """Do something in a process of its own by a clock that is ahead; returns how it ended and what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            os.write(writing, json.dumps(asyncio.run(_with_services(settings, ahead, act))).encode())
            code = 0
        finally:  # the fork of a program must not go on as the program
            if code:
                traceback.print_exc()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


async def _with_services(settings: Settings, ahead: timedelta, act: Callable[[Services], Awaitable[object]]) -> object:
    def clock() -> datetime:
        return system_clock() + ahead

    async with open_services(settings, clock) as services:
        return await act(services)


def _settings(given: dict[str, str], data: Path, url: str) -> Settings:
    settings = load_settings({**given, "SIGHTLINE_DATA": str(data), "SIGHTLINE_DATABASE_URL": url})
    prepare_folders(settings)
    return settings


def kill_at_steps(scenario: str, folder: Path, stride: int, given: dict[str, str]) -> dict[str, object]:
    """Kill the job of the scenario at its first step, a stride later, and so on, until it is through."""
    folder.mkdir(exist_ok=True)
    template = folder / "template.sqlite3"
    asyncio.run(create_schema(sqlite_url(template)))
    proving = _settings(given, folder / "template", sqlite_url(template))
    assert apart(proving, timedelta(), probe)[0] == 0
    proving.runtime.rmdir()
    later = KEPT if scenario == "disposal" else timedelta()
    ends: dict[str, int] = {}
    for step in range(1, LONGEST, stride):
        data = folder / str(step)
        data.mkdir()
        settings = _settings(given, data, copy_sqlite(template, data))
        assert apart(settings, timedelta(), lambda services: file_one(services, scenario))[0] == 0
        if scenario != "sealing":
            assert apart(settings, later, order)[0] == 0
        died, _ = apart(settings, later, lambda services: work_and_die(services, step))  # noqa: B023
        _, said = apart(settings, later + LEASE * 2, look)
        settings.runtime.rmdir()
        ends[said] = ends.get(said, 0) + 1
        if died != -signal.SIGKILL:
            kills = sum(ends.values()) - 1
            return {"scenario": scenario, "kills": kills, "ended": died, "ends": [json.loads(end) for end in ends]}
    raise RuntimeError(f"{scenario} is never through")


if __name__ == "__main__":
    stated = {name: value for name, value in os.environ.items() if name.startswith("SIGHTLINE_")}
    sys.stdout.write(json.dumps(kill_at_steps(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), stated)) + "\n")
