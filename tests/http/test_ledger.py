"""The ledger for who wants to check it: receipts and proofs hold against the published rules, without our word."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from evidence.ledger import tree
from evidence.ledger.actions import ConsistencyProof, InclusionProof
from evidence.ledger.checkpoints import Checkpoint, open_checkpoint
from evidence.ledger.events import Entry
from evidence.ledger.rules import Header, entry_leaf
from evidence.records import Json
from server.jobs.worker import work
from tests.http.house import Visitor, listed
from tests.parts.site import Site


@asynccontextmanager
async def worker(site: Site) -> AsyncIterator[None]:
    """Run the worker beside the test, as the process does."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(site.services, site.handlers, stop))
        try:
            yield
        finally:
            stop.set()


async def receipt(site: Site, name: str) -> tuple[dict[str, Json], Checkpoint]:
    """Return a receipt and what its note states, opened with the key that the receipt itself does not prove."""
    given = await site.people[name].seen(f"{site.validation}/receipt")
    path = site.services.settings.root / "keys" / "checkpoint.pub"
    vkey = (await asyncio.to_thread(path.read_text)).strip()
    assert given["vkey"] == vkey
    return given, open_checkpoint(str(given["note"]), vkey)


def leaf(row: dict[str, Json]) -> bytes:
    """Return the leaf hash of an entry as anybody computes it from its header."""
    entry = Entry.model_validate(row)
    return entry_leaf(Header.model_validate(entry.model_dump(include=set(Header.model_fields))))


async def test_receipt_states_the_log_as_it_is(site: Site) -> None:
    """Its root is that of the entries the member reads, bodies or not; the copy is stated in the access log."""
    answer: dict[str, Json] = {"criterion_id": "3.1", "verdict": "met", "method": "live", "base_version": 0}
    await site.obeyed("lead", "answer.record", **answer)
    await site.obeyed("reviewer", "review.mark", criterion_id="3.1", answer_version=1, mark="supported", note="")
    async with worker(site):
        given, stated = await receipt(site, "contact")
    entries = await site.entries("contact")
    assert (given["kind"], given["validation_id"]) == ("sightline-receipt", site.ids["validation"])
    assert given["size"] == stated.size == len(entries)
    nodes = tree.grow({}, 0, [leaf(row) for row in entries])
    assert tree.fold(nodes, tree.root_nodes(stated.size)).hex() == stated.root
    (row,) = listed(await site.people["lead"].seen(f"{site.validation}/access-log"))
    assert row["tag"] == "access.downloaded"
    assert json.dumps(row["data"]).count("receipt") == 1


async def test_receipt_is_for_the_member_and_the_government(embedded_site: Site) -> None:
    """A camera operator takes none, a stranger learns nothing."""
    await embedded_site.join()
    refused = {"phone": (403, "not_allowed"), "stranger": (404, "validation_not_found")}
    for name, expected in refused.items():
        status, problem = await embedded_site.people[name].get(f"{embedded_site.validation}/receipt")
        assert (status, problem["code"]) == expected


async def test_receipt_waits_for_a_worker_and_says_when_there_is_none(embedded_site: Site) -> None:
    """Ten seconds, then a problem that says who is missing."""
    status, problem = await embedded_site.people["contact"].get(f"{embedded_site.validation}/receipt")
    assert (status, problem["code"], problem["part"]) == (503, "not_ready", "worker")


async def test_every_entry_is_proved_to_be_in_the_log(site: Site) -> None:
    """Against the root that the receipt states, for each seq."""
    async with worker(site):
        _, stated = await receipt(site, "contact")
    for row in await site.entries("contact"):
        path = f"{site.validation}/proofs/{row['seq']}?size={stated.size}"
        proof = InclusionProof.model_validate(await site.people["contact"].seen(path))
        root = bytes.fromhex(stated.root)
        steps = [bytes.fromhex(step) for step in proof.path]
        assert tree.includes(leaf(row), proof.seq, size=proof.size, path=steps, root=root)


async def test_log_is_proved_to_have_only_grown(site: Site) -> None:
    """From the member's first receipt to a later one, whatever happened in between."""
    async with worker(site):
        _, before = await receipt(site, "contact")
        await site.in_session("lead", "session.start")
        await site.arrive("lead")
        _, after = await receipt(site, "contact")
    path = f"{site.validation}/growth?first={before.size}&size={after.size}"
    proof = ConsistencyProof.model_validate(await site.people["contact"].seen(path))
    steps = [bytes.fromhex(step) for step in proof.path]
    old, new = bytes.fromhex(before.root), bytes.fromhex(after.root)
    assert tree.extends(before.size, old, after.size, new, steps)
    kept = await site.people["contact"].seen(f"{site.validation}/checkpoints")
    assert {before.size, after.size} <= {row["size"] for row in listed(kept)}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("proofs/7?size=7", (422, "proof_out_of_range")),
        ("proofs/0?size=8", (422, "proof_out_of_range")),
        ("proofs/-1?size=7", (404, "not_found")),
        ("proofs/0?size=0", (422, "request_invalid")),
        ("growth?first=5&size=4", (422, "proof_out_of_range")),
        ("growth?first=0&size=4", (422, "request_invalid")),
        ("growth?size=4", (422, "request_invalid")),
    ],
)
async def test_proof_about_more_than_there_is_is_refused(
    embedded_site: Site, path: str, expected: tuple[int, str]
) -> None:
    """The log has seven entries."""
    status, problem = await embedded_site.people["contact"].get(f"{embedded_site.validation}/{path}")
    assert (status, problem["code"]) == expected


async def test_entries_come_in_pages(embedded_site: Site) -> None:
    """`after` is exclusive, `limit` bounds; the last page is short."""
    lead: Visitor = embedded_site.people["lead"]
    first = listed(await lead.seen(f"{embedded_site.validation}/entries?limit=3"))
    rest = listed(await lead.seen(f"{embedded_site.validation}/entries?after=2&limit=1000"))
    assert [row["seq"] for row in [*first, *rest]] == list(range(7))
    assert (await lead.get(f"{embedded_site.validation}/entries?limit=1001"))[0] == 422
