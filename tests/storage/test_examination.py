"""What scanner and checks find out about items: stated once, kept apart from the bytes, and agreed on by fsck."""

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image, ImageFilter
from sqlalchemy import delete, text

from evidence import locker
from evidence.examination import store
from evidence.examination.rules import CheckName, CheckResult, Fence, Outcome
from evidence.examination.tables import item_scan
from evidence.fsck import fsck
from evidence.ids import CaseId, ObjectKey, UploadId
from evidence.intake.rules import Accepted, Arrival, Refused
from evidence.intake.scanning import NotScanned, Scan, Scanner, Verdict
from evidence.items import store as items
from evidence.items.errors import ItemIsQuarantined
from evidence.items.rules import DerivativeKind, Item, ItemContext, ItemKind, ItemState
from evidence.ledger.events import Actor
from evidence.locker import Intake
from server.db import Database
from tests.parts import files, papers
from tests.parts.cases import opened_case, stated_entries
from tests.parts.others import ScannerServer, clamd_server, eicar
from tests.parts.running import LOOPBACK, free_port

ACTOR = Actor(kind="participant", id="p1", name="Ana Ruiz", role="member_poc")
SYSTEM = Actor(kind="system", id="worker", name="Worker")
PLACE = Fence(latitude_deg=files.PLACE[0], longitude_deg=files.PLACE[1])


async def received(intake: Intake, case_id: CaseId, content: bytes, kind: str = "photo") -> Accepted | Refused:
    arrival = Arrival(
        case_id=case_id,
        kind=ItemKind(kind),
        filename="gate.jpg",
        context=ItemContext(participant_id=UUID(int=7)),
    )
    path = await intake.staging.write_whole(UploadId(uuid4()), content)
    return await locker.receive(intake, path, arrival)


async def admitted(intake: Intake, database: Database, case_id: CaseId, content: bytes, kind: str = "photo") -> Item:
    accepted = await received(intake, case_id, content, kind)
    assert isinstance(accepted, Accepted)
    async with database.write() as tx:
        return await locker.admit(tx, accepted, ACTOR)


async def keys_of(intake: Intake, database: Database, item: Item) -> locker.Keys:
    async with database.read() as tx:
        return await locker.keys_of_item(tx, intake, item)


async def examined(intake: Intake, database: Database, item: Item) -> dict[CheckName, CheckResult]:
    look = await locker.look_at(intake, item, await keys_of(intake, database, item))
    async with database.write() as tx:
        await locker.state_look(tx, look, SYSTEM, fence=PLACE)
    async with database.read() as tx:
        return {one.name: one for one in await store.checks_of(tx, item.id)}


async def is_sound(intake: Intake, database: Database) -> bool:
    report = await fsck(database.read, intake)
    assert report.is_sound, report.text()
    return True


@pytest.fixture
def scanned(local_intake: Intake, clamd: ScannerServer, cpu_executor: Executor) -> Intake:
    """Give the parts that receive files, with a scanner."""
    return replace(local_intake, scanner=Scanner(f"{clamd.host}:{clamd.port}", executor=cpu_executor))


@pytest.fixture
def narrow(local_intake: Intake, cpu_executor: Executor) -> Iterator[Intake]:
    """Give the same with a scanner that looks at little."""
    with clamd_server(StreamMaxLength="1M", MaxFileSize="1M", MaxScanSize="1M") as server:
        yield replace(local_intake, scanner=Scanner(f"{server.host}:{server.port}", executor=cpu_executor))


async def test_clean_file_says_by_whom(scanned: Intake, sqlite: Database) -> None:
    case_id = await opened_case(sqlite)
    item = await admitted(scanned, sqlite, case_id, files.jpeg())
    async with sqlite.read() as tx:
        scan = await store.scan_of(tx, item.id)
    assert (scan.verdict, scan.reason, scan.signature) == (Verdict.CLEAN, None, None)
    assert scan.engine is not None
    assert scan.engine.startswith("ClamAV ")
    assert [tag for tag, _ in await stated_entries(sqlite, case_id)] == [
        "evidence.item_admitted",
        "evidence.item_scanned",
    ]
    assert await is_sound(scanned, sqlite)


@pytest.mark.parametrize(
    "content", [eicar(), papers.office(papers.DOCX, {"word/media/1.bin": eicar()})], ids=["plain", "zipped"]
)
async def test_infected_file_is_kept_apart_and_only_government_reads_why(
    scanned: Intake, sqlite: Database, content: bytes
) -> None:
    """EICAR as a text, and inside an office document, which is a zip."""
    case_id = await opened_case(sqlite)
    refused = await received(scanned, case_id, content, "document")
    assert isinstance(refused, Refused)
    async with sqlite.write() as tx:
        item = await locker.quarantine(tx, refused, ACTOR)
    assert (item.state, item.reason) == (ItemState.QUARANTINED, "not_accepted")
    (_, common), (tag, told) = await stated_entries(sqlite, case_id)
    assert "infected" not in str(common)
    assert (tag, told["verdict"], told["signature"]) == (
        "evidence.item_scanned",
        "infected",
        "Local.Eicar-Body.UNOFFICIAL",
    )
    assert await is_sound(scanned, sqlite)


async def test_scanner_that_is_away_is_no_verdict(
    local_intake: Intake, sqlite: Database, cpu_executor: Executor
) -> None:
    """Nobody there, one that hangs up, and one that says nothing: not scanned, never clean, and the file comes in."""

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    assert (await local_intake.scan(Path(__file__))).reason is NotScanned.NO_SCANNER
    nobody = Scanner(f"{LOOPBACK}:{free_port()}", executor=cpu_executor)
    assert (await nobody.scan(Path(__file__))).reason is NotScanned.UNREACHABLE
    for behave, reason in ((hang_up, NotScanned.UNREACHABLE), (say_nothing, NotScanned.TIMED_OUT)):
        async with await asyncio.start_server(behave, LOOPBACK) as server:
            port = server.sockets[0].getsockname()[1]
            scan = await Scanner(f"{LOOPBACK}:{port}", executor=cpu_executor, limit_s=0.3).scan(Path(__file__))
            assert (scan.verdict, scan.reason) == (Verdict.NOT_SCANNED, reason)
    item = await admitted(replace(local_intake, scanner=nobody), sqlite, await opened_case(sqlite), files.jpeg())
    async with sqlite.read() as tx:
        assert await store.list_unscanned(tx, limit=10) == (item.id,)
    assert await is_sound(local_intake, sqlite)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(bytes(3_000_000), NotScanned.TOO_LARGE), (papers.zipped({"a": bytes(3_000_000)}), NotScanned.LIMITS)],
)
async def test_file_over_the_scanners_limits_is_not_scanned(
    narrow: Intake, tmp_path: Path, content: bytes, reason: NotScanned
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    scan = await narrow.scan(path)
    assert (scan.verdict, scan.reason) == (Verdict.NOT_SCANNED, reason)


async def test_item_found_infected_later_is_shown_no_more(
    local_intake: Intake, scanned: Intake, database: Database, case_id: CaseId
) -> None:
    """It came while the scanner was away: filed, drawn small, then isolated; the bytes stay where they are."""
    content = files.jpeg() + eicar()
    item = await admitted(local_intake, database, case_id, content)
    await examined(local_intake, database, item)
    scan = await locker.scan_again(scanned, item, {})
    assert scan.verdict is Verdict.INFECTED
    for _ in range(2):
        async with database.write() as tx:
            await locker.state_verdict(tx, item.id, scan, SYSTEM)
    assert [tag for tag, _ in await stated_entries(database, case_id)].count("evidence.item_isolated") == 1
    async with database.read() as tx:
        isolated = await items.get_item(tx, item.id)
    assert (isolated.state, isolated.reason) == (ItemState.QUARANTINED, "not_accepted")
    with pytest.raises(ItemIsQuarantined):
        locker.open_item_range(local_intake, isolated, {})
    with pytest.raises(ItemIsQuarantined):
        await locker.look_at(local_intake, isolated, {})
    assert await is_sound(local_intake, database)


async def test_closer_look_states_checks_text_and_small_picture_once(
    local_intake: Intake, database: Database, case_id: CaseId
) -> None:
    photo = await admitted(local_intake, database, case_id, files.jpeg())
    paper = await admitted(local_intake, database, case_id, papers.office(papers.DOCX), "document")
    for _ in range(2):
        checks = await examined(local_intake, database, photo)
        await examined(local_intake, database, paper)
    assert list(checks) == list(CheckName)
    assert checks[CheckName.POSITION].reason == "inside"
    assert checks[CheckName.DIGEST].outcome is Outcome.PASS
    async with database.read() as tx:
        written = await items.get_derivative(tx, paper.id, DerivativeKind.TEXT)
        assert await items.get_derivative(tx, photo.id, DerivativeKind.THUMBNAIL) is not None
        assert await items.get_derivative(tx, photo.id, DerivativeKind.TEXT) is None
    assert written is not None
    content = b"".join([chunk async for chunk in local_intake.objects.open_range(ObjectKey(written.object_key))])
    assert content == b"Seal 0091842"
    tags = [tag for tag, _ in await stated_entries(database, case_id)]
    assert tags.count("evidence.item_examined") == 2
    assert tags.count("evidence.derivative_filed") == 2
    assert await is_sound(local_intake, database)


async def test_stored_bytes_that_changed_fail_the_check(local_intake: Intake, sqlite: Database, tmp_path: Path) -> None:
    content = files.jpeg()
    item = await admitted(local_intake, sqlite, await opened_case(sqlite), content)
    stored = tmp_path / "objects" / item.object_key
    stored.chmod(0o600)
    stored.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    checks = await examined(local_intake, sqlite, item)
    assert (checks[CheckName.DIGEST].outcome, checks[CheckName.DIGEST].reason) == (Outcome.FAIL, "stored_bytes_differ")


def scene(seed: int) -> Image.Image:
    """Return a picture with shapes and no two alike."""
    shades = Image.frombytes("L", (48, 36), random.Random(seed).randbytes(48 * 36))
    return shades.resize((800, 600), Image.Resampling.BICUBIC)


async def test_pictures_alike_are_found_across_the_whole_locker(local_intake: Intake, database: Database) -> None:
    """Recompressed, smaller and brighter, in another case; a third scene is not taken for it."""
    first, second = await opened_case(database), await opened_case(database)
    shown, other = scene(0), scene(1)
    original = await admitted(local_intake, database, first, papers.written(shown, "JPEG", quality=95))
    await examined(local_intake, database, original)
    await examined(local_intake, database, await admitted(local_intake, database, first, papers.written(other, "PNG")))
    for changed in (
        papers.written(shown, "JPEG", quality=60),
        papers.written(shown.resize((400, 300)), "PNG"),
        papers.written(shown.point(lambda level: min(255, level + 12)), "WEBP"),
        papers.written(shown.filter(ImageFilter.GaussianBlur(1)), "TIFF"),
    ):
        copy = await admitted(local_intake, database, second, changed)
        found = (await examined(local_intake, database, copy))[CheckName.LIKENESS]
        assert (found.outcome, found.reason, found.detail["elsewhere"]) == (Outcome.WARN, "in_another_case", 1)
        async with database.read() as tx:
            same = await store.find_same(tx, copy)
        assert same == ()


async def test_same_bytes_are_found_across_the_whole_locker(local_intake: Intake, database: Database) -> None:
    cases = [await opened_case(database) for _ in range(2)]
    content = files.jpeg()
    reasons = []
    for case_id in (cases[0], cases[0], cases[1]):
        item = await admitted(local_intake, database, case_id, content)
        found = (await examined(local_intake, database, item))[CheckName.SAME_BYTES]
        reasons.append((found.outcome, found.reason))
    assert reasons == [
        (Outcome.PASS, "only_one"),
        (Outcome.WARN, "in_this_case"),
        (Outcome.FAIL, "in_another_case"),
    ]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE item_check SET outcome = 'pass' WHERE outcome <> 'pass'", "row_differs"),
        ("UPDATE item_scan SET verdict = 'infected'", "row_differs"),
        ("DELETE FROM item_scan", "row_absent"),
        ("DELETE FROM item_check", "row_absent"),
        ("UPDATE evidence_item SET state = 'quarantined'", "entry_absent"),
    ],
)
async def test_results_that_were_changed_are_named(
    scanned: Intake, sqlite: Database, statement: str, code: str
) -> None:
    """A row says what its entry does not, or the other way round."""
    item = await admitted(scanned, sqlite, await opened_case(sqlite), papers.webp())
    assert {one.outcome for one in (await examined(scanned, sqlite, item)).values()} > {Outcome.PASS}
    assert await is_sound(scanned, sqlite)
    async with sqlite.write() as tx:
        await tx.execute(text(statement))
    report = await fsck(sqlite.read, scanned)
    assert {fault.code for fault in report.faults} == {code}


async def test_scan_keeps_the_newest_answer(local_intake: Intake, database: Database, case_id: CaseId) -> None:
    item = await admitted(local_intake, database, case_id, files.jpeg())
    clean = Scan(verdict=Verdict.CLEAN, engine="ClamAV 1.4.6", database="27400", database_at="Tue Nov 24 2026")
    async with database.write() as tx:
        await locker.state_verdict(tx, item.id, clean, SYSTEM)
    async with database.read() as tx:
        assert await store.scan_of(tx, item.id) == clean
        assert await store.scans_of_case(tx, case_id) == {item.id: clean}
        assert await store.list_unscanned(tx, limit=10) == ()


async def test_item_of_before_there_was_scanning_waits_for_its_scan(
    local_intake: Intake, database: Database, case_id: CaseId
) -> None:
    """It has no row of its own, and comes first."""
    old = await admitted(local_intake, database, case_id, files.jpeg())
    newer = await admitted(local_intake, database, case_id, files.png())
    async with database.write() as tx:
        await tx.execute(delete(item_scan).where(item_scan.c.item_id == old.id))
    async with database.read() as tx:
        assert await store.list_unscanned(tx, limit=9) == (old.id, newer.id)
