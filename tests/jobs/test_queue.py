"""Jobs: promised with their reason or not at all, done at least once, each by one worker at a time, never forgotten."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from evidence.intake.rules import UPLOAD_LIFETIME
from evidence.records import Json
from server.jobs.queue import LEASE, claim, enqueue, finish, is_due, renew
from server.jobs.tables import job
from server.jobs.tidying import tidy_uploads
from server.jobs.worker import JobHandler, NotYet, take_turn, work
from server.services import Services
from tests.parts import tus
from tests.parts.files import jpeg
from tests.parts.site import Site
from tests.waiting import wait_until


async def promise(site: Site, kind: str, number: int = 0, *, dedupe_key: str | None = None) -> None:
    """Enqueue a job in a transaction of its own."""
    async with site.services.database.write() as tx:
        await enqueue(tx, kind, {"number": number}, dedupe_key=dedupe_key)


async def waiting(site: Site) -> list[tuple[str, int, str | None]]:
    """Return kind, attempts and last error of the jobs that wait or run."""
    async with site.services.database.read() as tx:
        rows = await tx.connection.execute(select(job).where(job.c.kind != "send_mail").order_by(job.c.id))
        return [(row.kind, row.attempts, row.last_error) for row in rows]


def counting(done: Counter[int]) -> JobHandler:
    """Return a job that counts how often each number was done."""

    async def handler(services: Services, payload: dict[str, Json]) -> None:
        async with services.database.read() as tx:
            await is_due(tx)  # others get their turn
        done[int(str(payload["number"]))] += 1

    return handler


class Broken(Exception):
    """A job that fails."""


async def test_job_of_a_transaction_that_fails_is_not_there(site: Site) -> None:
    """Promise and reason are one."""
    await site.work()

    async def promise_and_fail() -> None:
        async with site.services.database.write() as tx:
            await enqueue(tx, "count", {})
            raise Broken

    with pytest.raises(Broken):
        await promise_and_fail()
    assert await waiting(site) == []


async def test_two_workers_do_each_job_once(site: Site) -> None:
    """Racing for forty jobs; the table is empty afterwards."""
    await site.work()
    for number in range(40):
        await promise(site, "count", number)
    done: Counter[int] = Counter()
    handlers = {"count": counting(done)}
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(work(site.services, handlers, stop))
        await wait_until(lambda: len(done) == 40, within_s=40)
        stop.set()
    assert done == Counter(range(40))
    assert await waiting(site) == []


async def test_one_waiting_job_stands_for_all_of_its_key(site: Site) -> None:
    """Until it is done; afterwards the key is free."""
    await site.work()
    for number in range(3):
        await promise(site, "count", number, dedupe_key="same")
    done: Counter[int] = Counter()
    assert await take_turn(site.services, {"count": counting(done)})
    assert not await take_turn(site.services, {"count": counting(done)})
    await promise(site, "count", 9, dedupe_key="same")
    assert await take_turn(site.services, {"count": counting(done)})
    assert done == Counter([0, 9])


async def test_job_of_a_dead_worker_is_taken_over(site: Site) -> None:
    """When its lease is over and not before; a living worker renews it."""
    await site.work()
    await promise(site, "count")
    database = site.services.database
    async with database.write() as tx:
        first = await claim(tx)
    assert first is not None
    site.clock.move(LEASE - timedelta(seconds=5))
    async with database.read() as tx:
        assert not await is_due(tx)
    async with database.write() as tx:
        await renew(tx, first.id)
    site.clock.move(timedelta(seconds=10))
    async with database.write() as tx:
        assert await claim(tx) is None
    site.clock.move(LEASE)
    async with database.write() as tx:
        second = await claim(tx)
    assert second is not None
    assert (second.id, first.attempts, second.attempts) == (first.id, 1, 2)
    async with database.write() as tx:
        await finish(tx, second.id)
    assert await waiting(site) == []


@pytest.mark.parametrize(("error", "said"), [(NotYet("the rest"), "waits for the rest"), (Broken("x"), "Broken: x")])
async def test_job_that_cannot_be_done_yet_is_put_back(site: Site, error: Exception, said: str) -> None:
    """After 1 s, 2 s, 4 s and so on up to five minutes; the others go on, and it is never given up."""
    await site.work()

    async def fail(_services: Services, _payload: dict[str, Json]) -> None:
        raise error

    done: Counter[int] = Counter()
    handlers: dict[str, JobHandler] = {"fail": fail, "count": counting(done)}
    await promise(site, "fail")
    await promise(site, "count", 1)
    assert [await take_turn(site.services, handlers) for _ in range(3)] == [True, True, False]
    assert done == Counter([1])
    for attempts, wait_s in enumerate((1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300), 1):
        assert await waiting(site) == [("fail", attempts, said)]
        site.clock.move(timedelta(seconds=wait_s - 0.9))
        assert not await take_turn(site.services, handlers)
        site.clock.move(timedelta(seconds=1.0))
        assert await take_turn(site.services, handlers)


async def test_job_of_a_kind_nobody_knows_waits(embedded_site: Site) -> None:
    """A newer API's job is not lost on an older worker."""
    await embedded_site.work()
    await promise(embedded_site, "of_tomorrow")
    assert await take_turn(embedded_site.services, {})
    assert await waiting(embedded_site) == [("of_tomorrow", 1, "KeyError: 'of_tomorrow'")]


async def test_photo_that_changed_in_the_store_is_never_filed(embedded_site: Site) -> None:
    """The read-back finds it; the job stays with its error."""
    site = embedded_site
    content = jpeg()
    told = await tus.upload(site.people["contact"], site.ids["validation"], content)
    folder = site.services.settings.root / "objects"
    (path,) = await asyncio.to_thread(lambda: [path for path in folder.rglob("*") if path.is_file()])
    await asyncio.to_thread(path.chmod, 0o600)
    await asyncio.to_thread(path.write_bytes, content[:-1] + bytes([content[-1] ^ 1]))
    await site.work()
    assert (await site.people["lead"].seen(f"/items/{told.item}"))["state"] == "admitted"
    assert await site.stated("evidence.item_filed") == []
    kinds = {kind: error for kind, _, error in await waiting(site)}
    assert str(kinds["file_item"]).startswith("DigestMismatch")


async def test_unfinished_upload_is_cleared_away_in_time(site: Site) -> None:
    """Three days after it began, with its bytes; one that is younger stays."""
    contact = site.people["contact"]
    old = (await tus.create(contact, site.ids["validation"], jpeg())).headers["Location"]
    await tus.patch(contact, old, b"abc", offset=0)
    site.clock.move(timedelta(hours=6))
    young = (await tus.create(contact, site.ids["validation"], jpeg())).headers["Location"]
    for _ in range(6):  # used, so that the login lives
        site.clock.move(timedelta(hours=10))
        await contact.get("/me")
    await tidy_uploads(site.services)
    assert [(await tus.head(contact, at)).status for at in (old, young)] == [200, 200]
    site.clock.move(UPLOAD_LIFETIME - timedelta(hours=65))
    await tidy_uploads(site.services)
    assert [(await tus.head(contact, at)).status for at in (old, young)] == [404, 200]
    folder = site.services.settings.root / "uploads"
    assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []
