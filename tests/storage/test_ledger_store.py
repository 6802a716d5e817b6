"""The ledger on real databases: order, gaps, audiences, proofs, checkpoints and what the triggers refuse."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evidence.ids import CaseId, LogId, access_log, case_log, uuid7
from evidence.ledger import actions, store, tree
from evidence.ledger.checkpoints import Checkpoint, Signer, open_checkpoint
from evidence.ledger.errors import BodyKept, EntryNotFound, LogEmpty, LogNotFound, ProofOutOfRange
from evidence.ledger.events import Entry, EntryClass, LogKind
from evidence.ledger.rules import Audience, commitment, entry_leaf
from server.clock import system_clock
from server.db import Database
from tests.parts.ledger_writer import NoteTaken, StepTaken, write_steps, writer_actor

SIGNER = Signer(name="office.test/ledger", key=Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
TOM = writer_actor("tom")


@pytest.fixture
async def log_id(database: Database) -> LogId:
    case_id = CaseId(uuid7())
    async with database.write() as tx:
        await actions.open_log(tx, case_log(case_id), LogKind.CASE, case_id)
    return case_log(case_id)


@asynccontextmanager
async def opened_database(url: str) -> AsyncIterator[Database]:
    database = Database(url, system_clock)
    try:
        yield database
    finally:
        await database.close()


async def append(database: Database, log_id: LogId, count: int) -> None:
    async with database.write() as tx:
        for step in range(count):
            tx.record(log_id, StepTaken(writer="tom", step=step), TOM)


async def read(database: Database, log_id: LogId, audience: Audience = Audience.GOVERNMENT) -> tuple[Entry, ...]:
    async with database.read() as tx:
        return await store.read_entries(tx, log_id, after=-1, limit=10_000, audience=audience)


async def require_sound(database: Database, log_id: LogId) -> None:
    """Check the log from its rows alone: no gap, every commitment, and the root from the leaves and from the nodes."""
    async with database.read() as tx:
        sealed = await store.list_sealed(tx, log_id, after=-1, limit=10_000, audience=Audience.GOVERNMENT)
        root = await actions.log_root(tx, log_id, len(sealed))
        assert (await store.get_log(tx, log_id)).size == len(sealed)
    assert [entry.header.seq for entry in sealed] == list(range(len(sealed)))
    for entry in sealed:
        assert entry.salt is not None
        assert entry.body is not None
        assert commitment(entry.salt, entry.body) == entry.header.commitment
    nodes = tree.grow({}, 0, [entry_leaf(entry.header) for entry in sealed])
    assert tree.fold(nodes, tree.root_nodes(len(sealed))) == root


async def test_entries_are_read_as_they_were_recorded(database: Database, log_id: LogId) -> None:
    async with database.write() as tx:
        tx.record(log_id, StepTaken(writer="tom", step=1), TOM)
        tx.record(log_id, NoteTaken(text="quiet"), TOM)
    entries = await read(database, log_id)
    assert [(entry.seq, entry.tag, entry.data) for entry in entries] == [
        (0, "test.step_taken", {"writer": "tom", "step": 1}),
        (1, "test.note_taken", {"text": "quiet"}),
    ]
    assert entries == tx.appended[log_id]
    assert {entry.at for entry in entries} == {tx.now}
    await require_sound(database, log_id)


async def test_reading_goes_on_after_the_last_seq(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 10)
    async with database.read() as tx:
        entries = await store.read_entries(tx, log_id, after=3, limit=4, audience=Audience.GOVERNMENT)
    assert [entry.seq for entry in entries] == [4, 5, 6, 7]


async def test_member_reads_only_headers_of_government_entries(database: Database, log_id: LogId) -> None:
    async with database.write() as tx:
        tx.record(log_id, NoteTaken(text="not for the member"), TOM)
        tx.record(log_id, StepTaken(writer="tom", step=1), TOM)
    hidden, shown = await read(database, log_id, Audience.MEMBER)
    assert (hidden.tag, hidden.actor, hidden.data) == (None, None, None)
    assert hidden.entry_class is EntryClass.GOVERNMENT
    assert hidden.commitment == (await read(database, log_id))[0].commitment
    assert shown.tag == "test.step_taken"


async def test_member_reads_no_body_of_an_access_log(database: Database) -> None:
    """Even of an entry somebody forgot to class: the whole log is for the government."""
    case_id = CaseId(uuid7())
    async with database.write() as tx:
        await actions.open_log(tx, access_log(case_id), LogKind.ACCESS, case_id)
        tx.record(access_log(case_id), StepTaken(writer="tom", step=1), TOM)
    (entry,) = await read(database, access_log(case_id), Audience.MEMBER)
    assert entry.data is None


async def test_open_log_twice_keeps_its_entries(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 2)
    async with database.write() as tx:
        await actions.open_log(tx, log_id, LogKind.CASE, CaseId(log_id))
    assert len(await read(database, log_id)) == 2


async def test_append_to_unknown_log_is_refused(database: Database) -> None:
    with pytest.raises(LogNotFound):
        await append(database, LogId(uuid7()), 1)


async def test_refused_unit_of_work_leaves_no_entry_and_no_gap(database: Database, log_id: LogId) -> None:
    async def write_to_both() -> None:
        async with database.write() as tx:
            tx.record(log_id, StepTaken(writer="tom", step=1), TOM)
            tx.record(LogId(uuid7()), StepTaken(writer="tom", step=2), TOM)

    with pytest.raises(LogNotFound):
        await write_to_both()
    await append(database, log_id, 1)
    assert [entry.seq for entry in await read(database, log_id)] == [0]
    await require_sound(database, log_id)


async def test_batches_of_every_size_give_a_sound_tree(database: Database, log_id: LogId) -> None:
    for count in (1, 2, 3, 5, 8, 1, 13):
        await append(database, log_id, count)
    await require_sound(database, log_id)


async def test_ten_writers_append_without_gap_in_commit_order(database: Database, log_id: LogId) -> None:
    """A reader that has seen seq n never later meets a smaller one: what is committed is a prefix."""
    watched: list[int] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            async with database.read() as tx:
                after = watched[-1] if watched else -1
                new = await store.read_entries(tx, log_id, after=after, limit=1000, audience=Audience.GOVERNMENT)
            watched.extend(entry.seq for entry in new)

    async with asyncio.TaskGroup() as watching:
        watching.create_task(watch())
        async with asyncio.TaskGroup() as writing:
            for number in range(10):
                writing.create_task(write_steps(database, log_id, name=f"writer {number}", count=12))
        done.set()
    entries = await read(database, log_id)
    assert watched == list(range(len(watched)))
    assert Counter(entry.data["writer"] for entry in entries if entry.data) == {f"writer {n}": 12 for n in range(10)}
    for number in range(10):
        steps = [entry.data["step"] for entry in entries if entry.data and entry.data["writer"] == f"writer {number}"]
        assert steps == list(range(12))
    await require_sound(database, log_id)


async def test_three_processes_append_without_gap(database: Database, database_url: str, log_id: LogId) -> None:
    command = [sys.executable, "-m", "tests.parts.ledger_writer", database_url, str(log_id)]
    writers = [await asyncio.create_subprocess_exec(*command, f"process {number}", "25") for number in range(3)]
    assert [await writer.wait() for writer in writers] == [0, 0, 0]
    entries = await read(database, log_id)
    assert Counter(entry.data["writer"] for entry in entries if entry.data) == {f"process {n}": 25 for n in range(3)}
    await require_sound(database, log_id)


async def test_writers_of_two_logs_in_either_order_do_not_wait_for_each_other(database: Database) -> None:
    """Rows are locked in the order of the log ids, whatever order the entries were recorded in."""
    cases = [CaseId(uuid7()), CaseId(uuid7())]
    async with database.write() as tx:
        for case_id in cases:
            await actions.open_log(tx, case_log(case_id), LogKind.CASE, case_id)

    async def write(order: list[CaseId]) -> None:
        for _ in range(15):
            async with database.write() as tx:
                for case_id in order:
                    tx.record(case_log(case_id), StepTaken(writer="tom", step=1), TOM)

    async with asyncio.TaskGroup() as writing:
        for _ in range(3):
            writing.create_task(write(cases))
            writing.create_task(write(cases[::-1]))
    for case_id in cases:
        assert len(await read(database, case_log(case_id))) == 90
        await require_sound(database, case_log(case_id))


async def test_proofs_from_stored_nodes_convince_a_reader_of_headers(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 21)
    async with database.read() as tx:
        sealed = await store.list_sealed(tx, log_id, after=-1, limit=100, audience=Audience.MEMBER)
        root = await actions.log_root(tx, log_id, 21)
        for seq, entry in enumerate(sealed):
            proof = await actions.inclusion_proof(tx, log_id, seq, size=21)
            path = [bytes.fromhex(step) for step in proof.path]
            assert tree.includes(entry_leaf(entry.header), seq, size=21, path=path, root=root)
        for first in range(1, 22):
            extension = await actions.consistency_proof(tx, log_id, first, size=21)
            path = [bytes.fromhex(step) for step in extension.path]
            assert tree.extends(first, await actions.log_root(tx, log_id, first), 21, root, path)


async def test_proof_beyond_the_end_is_refused(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 3)
    async with database.read() as tx:
        with pytest.raises(ProofOutOfRange):
            await actions.inclusion_proof(tx, log_id, 1, size=4)
        with pytest.raises(ProofOutOfRange):
            await actions.consistency_proof(tx, log_id, 1, size=4)
        with pytest.raises(ProofOutOfRange):
            await actions.log_root(tx, log_id, 4)


async def test_checkpoint_states_size_and_root_once(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 5)
    async with database.write() as tx:
        first = await actions.make_checkpoint(tx, log_id, SIGNER)
        root = await actions.log_root(tx, log_id, 5)
    async with database.write() as tx:
        assert await actions.make_checkpoint(tx, log_id, SIGNER) == first
    stated = Checkpoint(origin=f"office.test/ledger/{log_id}", size=5, root=root.hex())
    assert open_checkpoint(first.note, SIGNER.vkey) == stated
    async with database.read() as tx:
        assert await store.list_checkpoints(tx, log_id) == (first,)


async def test_checkpoints_made_at_once_are_one(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 4)

    async def make() -> str:
        async with database.write() as tx:
            return (await actions.make_checkpoint(tx, log_id, SIGNER)).note

    async with asyncio.TaskGroup() as making:
        notes = [making.create_task(make()) for _ in range(8)]
    assert len({note.result() for note in notes}) == 1


async def test_empty_log_gets_no_checkpoint(database: Database, log_id: LogId) -> None:
    async with database.write() as tx:
        with pytest.raises(LogEmpty):
            await actions.make_checkpoint(tx, log_id, SIGNER)


async def test_logs_behind_their_checkpoint_are_listed(database: Database, log_id: LogId) -> None:
    async with database.read() as tx:
        assert log_id not in await store.list_logs_to_checkpoint(tx)
    await append(database, log_id, 2)
    async with database.write() as tx:
        assert log_id in await store.list_logs_to_checkpoint(tx)
        await actions.make_checkpoint(tx, log_id, SIGNER)
        assert log_id not in await store.list_logs_to_checkpoint(tx)
    await append(database, log_id, 1)
    async with database.read() as tx:
        assert log_id in await store.list_logs_to_checkpoint(tx)


async def test_destroyed_body_leaves_header_and_sound_tree(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 3)
    before = await read(database, log_id)
    async with database.write() as tx:
        await actions.destroy_body(tx, log_id, 1, reason="court order", actor=TOM)
    after = await read(database, log_id)
    assert [entry.tag for entry in after] == ["test.step_taken", None, "test.step_taken", "ledger.body_destroyed"]
    assert after[1].commitment == before[1].commitment
    assert (after[3].entry_class, after[3].data) == (EntryClass.BODY_DESTROYED, {"seq": 1, "reason": "court order"})
    async with database.read() as tx:
        assert await store.list_destroyed(tx, log_id) == {1: 3}
        assert (await store.get_log(tx, log_id)).size == 4


async def test_body_is_destroyed_once_and_what_states_it_stays(database: Database, log_id: LogId) -> None:
    await append(database, log_id, 2)
    async with database.write() as tx:
        await actions.destroy_body(tx, log_id, 0, reason="court order", actor=TOM)
    async with database.write() as tx:
        with pytest.raises(BodyKept):
            await actions.destroy_body(tx, log_id, 0, reason="again", actor=TOM)
        with pytest.raises(BodyKept):
            await actions.destroy_body(tx, log_id, 2, reason="the statement", actor=TOM)
        with pytest.raises(EntryNotFound):
            await actions.destroy_body(tx, log_id, 9, reason="nothing", actor=TOM)


async def test_destroying_twice_in_one_unit_of_work_is_refused(database: Database, log_id: LogId) -> None:
    async def destroy_twice() -> None:
        async with database.write() as tx:
            await actions.destroy_body(tx, log_id, 0, reason="one", actor=TOM)
            await actions.destroy_body(tx, log_id, 0, reason="two", actor=TOM)

    await append(database, log_id, 1)
    with pytest.raises(BodyKept):
        await destroy_twice()
    assert len(await read(database, log_id)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET commitment = 'forged'",
        "DELETE FROM ledger_entry WHERE seq = 2",
        "UPDATE ledger_body SET salt = body",
        "DELETE FROM ledger_body WHERE seq = 2",
        "UPDATE ledger_node SET hash = hash",
        "DELETE FROM ledger_node",
        "UPDATE ledger_checkpoint SET root = 'forged'",
        "DELETE FROM ledger_checkpoint",
        "UPDATE ledger_destroyed SET seq = 2",
        "DELETE FROM ledger_destroyed",
        "DELETE FROM ledger_log",
        "INSERT INTO ledger_destroyed SELECT log_id, 1, seq FROM ledger_entry WHERE seq = 0",
    ],
)
async def test_database_refuses_to_rewrite_the_past(database: Database, log_id: LogId, statement: str) -> None:
    """Whoever holds a connection to the database meets the same refusal as our own code would."""
    await append(database, log_id, 3)
    async with database.write() as tx:
        await actions.destroy_body(tx, log_id, 0, reason="court order", actor=TOM)
    async with database.write() as tx:
        await actions.make_checkpoint(tx, log_id, SIGNER)
    before = await read(database, log_id)
    with pytest.raises(DBAPIError):
        async with database.write() as tx:
            await tx.execute(text(statement))
    assert await read(database, log_id) == before


async def test_body_goes_only_with_an_entry_of_the_right_class(database: Database, log_id: LogId) -> None:
    """Naming an ordinary entry as the statement of destruction does not open the door."""
    await append(database, log_id, 3)
    with pytest.raises(DBAPIError):
        async with database.write() as tx:
            await store.delete_body(tx, log_id, 1, by_seq=2)
    assert (await read(database, log_id))[1].tag == "test.step_taken"


async def test_insert_or_replace_does_not_get_past_the_triggers(sqlite_database_url: str) -> None:
    """SQLite fires no DELETE trigger for the row that a REPLACE removes."""
    async with opened_database(sqlite_database_url) as opened:
        case_id = CaseId(uuid7())
        async with opened.write() as tx:
            await actions.open_log(tx, case_log(case_id), LogKind.CASE, case_id)
            tx.record(case_log(case_id), StepTaken(writer="tom", step=1), TOM)
        with pytest.raises(DBAPIError):
            async with opened.write() as tx:
                await tx.execute(
                    text("INSERT OR REPLACE INTO ledger_body SELECT log_id, seq, salt, salt FROM ledger_body")
                )
        await require_sound(opened, case_log(case_id))


async def test_truncate_is_refused(postgres_url: str) -> None:
    async with opened_database(postgres_url) as opened:
        with pytest.raises(DBAPIError):
            async with opened.write() as tx:
                await tx.execute(text("TRUNCATE ledger_entry CASCADE"))


async def test_destroyed_bytes_are_gone_from_the_file(sqlite_database_url: str) -> None:
    """SQLite overwrites what it deletes: no page of the database file still says it."""
    secret = "the-name-that-had-to-go"
    async with opened_database(sqlite_database_url) as opened:
        case_id = CaseId(uuid7())
        async with opened.write() as tx:
            await actions.open_log(tx, case_log(case_id), LogKind.CASE, case_id)
            tx.record(case_log(case_id), NoteTaken(text=secret), TOM)
        async with opened.write() as tx:
            await actions.destroy_body(tx, case_log(case_id), 0, reason="withdrawn", actor=TOM)
        async with opened.writer.connect() as connection:
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            await connection.exec_driver_sql("BEGIN")
    content = Path(sqlite_database_url.removeprefix("sqlite+aiosqlite:///")).read_bytes()
    assert secret.encode() not in content
