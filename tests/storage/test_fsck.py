"""fsck on a real case: nothing to say of a sound one, and each kind of damage by its name and place."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text

from evidence import locker
from evidence.fsck import FsckReport, fsck
from evidence.ids import CaseId, Digest, ObjectKey, case_log
from evidence.items.store import list_items
from evidence.ledger.actions import destroy_body, make_checkpoint
from evidence.objects.keys import object_key
from server.db import Database
from tests.parts.bundles import OFFICE, ROSA, StepTaken, sha256
from tests.parts.filed import filed_case

APPEND_ONLY = ("ledger_entry", "ledger_body", "ledger_node", "ledger_checkpoint", "ledger_destroyed")


class House(NamedTuple):
    """A database and a store that fsck is asked about."""

    database: Database
    intake: locker.Intake

    async def check(self, also: Mapping[ObjectKey, Digest] | None = None) -> FsckReport:
        """Run fsck."""
        return await fsck(self.database.read, self.intake, also=also)


@pytest.fixture
async def house(database: Database, local_intake: locker.Intake) -> House:
    """Give a filed case of twelve entries with a destroyed body, the eleventh, and checkpoints at 10 and 12."""
    case_id = await filed_case(database, local_intake)
    async with database.write() as tx:
        await make_checkpoint(tx, case_log(case_id), OFFICE)
        tx.record(case_log(case_id), StepTaken(text="the name that had to go"), ROSA)
    async with database.write() as tx:
        await destroy_body(tx, case_log(case_id), 10, reason="withdrawn", actor=ROSA)
    async with database.write() as tx:
        await make_checkpoint(tx, case_log(case_id), OFFICE)
    return House(database, local_intake)


@pytest.fixture
async def case_id(sqlite: Database, local_intake: locker.Intake) -> CaseId:
    """Give a filed case on SQLite and the folder store, where their kinds do not matter."""
    return await filed_case(sqlite, local_intake)


@pytest.fixture
def plain(case_id: CaseId, sqlite: Database, local_intake: locker.Intake) -> House:
    """Give the parts that hold that case."""
    assert case_id
    return House(sqlite, local_intake)


async def rewrite(database: Database, statement: str) -> None:
    """Change the database as its owner can, who takes the triggers off first."""
    async with database.writer.connect() as connection:
        for table in APPEND_ONLY:
            if database.is_sqlite:
                found = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
                for (name,) in (await connection.execute(found, {"table": table})).all():
                    await connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        await connection.execute(text(statement))
        await connection.commit()


def stored_file(folder: Path, key: ObjectKey) -> Path:
    (path,) = [path for path in (folder / "objects").rglob(key.rpartition("/")[2]) if path.is_file()]
    return path


async def photo_key(database: Database, case_id: CaseId) -> ObjectKey:
    async with database.read() as tx:
        return ObjectKey((await list_items(tx, case_id))[0].object_key)


async def test_sound_case_has_no_faults_and_no_orphans(house: House) -> None:
    report = await house.check()
    assert (report.faults, report.orphans) == ((), ())
    # A photograph, its thumbnail, a refused file, two segments.
    assert (report.logs, report.entries, report.objects) == (1, 12, 5)
    assert report.text().endswith("sound")


async def test_sound_case_is_read_back_from_every_kind_of_store(sqlite: Database, intake: locker.Intake) -> None:
    await filed_case(sqlite, intake)
    report = await House(sqlite, intake).check()
    assert (report.faults, report.orphans, report.objects) == ((), (), 5)


def flip(path: Path) -> None:
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(("damage", "code"), [(flip, "object_changed"), (Path.unlink, "object_missing")])
async def test_damaged_object_is_named(
    plain: House, case_id: CaseId, tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    key = await photo_key(plain.database, case_id)
    damage(stored_file(tmp_path, key))
    report = await plain.check()
    assert [(fault.code, fault.where) for fault in report.faults] == [(code, key)]
    assert f"FAULT {code} {key}" in report.text()


async def test_orphan_is_listed_and_harmless(plain: House, case_id: CaseId, tmp_path: Path) -> None:
    """What a crash between store and transaction leaves behind."""
    (tmp_path / "left").write_bytes(b"left behind")
    key = object_key(case_id, sha256(b"left behind"))
    await plain.intake.objects.put_file(key, tmp_path / "left", digest=sha256(b"left behind"), media_type="image/png")
    report = await plain.check()
    assert report.orphans == (key,)
    assert report.is_sound


async def test_objects_of_others_are_read_back_too(plain: House, case_id: CaseId) -> None:
    other = object_key(case_id, sha256(b"an export"))
    report = await plain.check(also={other: sha256(b"an export")})
    assert [(fault.code, fault.where) for fault in report.faults] == [("object_missing", other)]


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE ledger_body SET body = salt WHERE seq = 2", {"body_changed", "entry_absent"}),
        ("DELETE FROM ledger_body WHERE seq = 9", {"body_missing", "entry_absent"}),
        ("DELETE FROM ledger_destroyed", {"body_missing"}),
        ("UPDATE ledger_destroyed SET seq = 9", {"body_missing", "body_left", "entry_absent"}),
        ("UPDATE ledger_entry SET entry_class = 'government' WHERE seq = 1", {"node_changed"}),
        (
            "UPDATE ledger_node SET hash = n.hash FROM ledger_node n WHERE n.level = 3",
            {"node_changed", "checkpoint_differs"},
        ),
        ("DELETE FROM ledger_node WHERE level = 3", {"node_missing", "checkpoint_differs"}),
        ("INSERT INTO ledger_node SELECT log_id, 9, 0, hash FROM ledger_node WHERE level = 3", {"node_unexpected"}),
        ("UPDATE ledger_log SET size = 11", {"size_differs"}),
        ("UPDATE ledger_checkpoint SET root = commitment FROM ledger_entry WHERE seq = 0", {"checkpoint_differs"}),
        ("UPDATE ledger_checkpoint SET note = 'rubbish'", {"checkpoint_unreadable"}),
        ("DELETE FROM evidence_derivative", {"row_absent"}),
        ("UPDATE evidence_item SET state = 'admitted' WHERE state = 'filed'", {"row_absent"}),
        ("UPDATE evidence_item SET state = 'filed' WHERE state = 'quarantined'", {"row_absent", "entry_absent"}),
        ("UPDATE segment SET chain = digest", {"row_differs", "chain_broken"}),
        ("UPDATE source_recording SET chain = digest FROM segment", {"row_differs", "chain_broken"}),
        ("UPDATE segment SET digest = chain", {"row_differs", "chain_broken", "object_changed"}),
    ],
)
async def test_rewritten_database_is_named(house: House, statement: str, codes: set[str]) -> None:
    """The owner of the database may take the triggers off; what he changes then shows."""
    await rewrite(house.database, statement)
    report = await house.check()
    assert {fault.code for fault in report.faults} == codes
    assert not report.is_sound


async def test_dropped_last_entry_is_named(house: House) -> None:
    """With its nodes and the log's size made to fit: the checkpoint still states it."""
    for statement in (
        "DELETE FROM ledger_destroyed",
        "DELETE FROM ledger_body WHERE seq = 11",
        "DELETE FROM ledger_entry WHERE seq = 11",
        "DELETE FROM ledger_node WHERE (level, place) IN ((0, 11), (1, 5), (2, 2))",
        "UPDATE ledger_log SET size = 11",
    ):
        await rewrite(house.database, statement)
    assert {fault.code for fault in (await house.check()).faults} == {"checkpoint_differs", "body_missing"}
