"""The snapshot a page starts from is the fold of the entries its reader may read, and moves on with the log."""

from uuid import UUID, uuid4

from evidence.ids import CaseId, case_log
from evidence.ledger.actions import destroy_body
from evidence.ledger.events import Entry
from evidence.records import Json
from sessions.state import fold
from tests.parts.ledger_writer import StepTaken, writer_actor
from tests.parts.site import Site


async def folded(site: Site, name: str) -> dict[str, Json]:
    """Return the fold of the entries a person gets."""
    rows = await site.entries(name)
    state: dict[str, Json] = fold(Entry.model_validate(row) for row in rows).model_dump(mode="json")
    return state


async def test_snapshot_is_the_fold_of_what_its_reader_reads(site: Site) -> None:
    """For the specialist, the member and the guest, before and after more happened; a member's has no review."""
    await site.go_live()
    for name in ("lead", "contact", "phone"):
        assert await site.people[name].seen(f"{site.validation}/snapshot") == await folded(site, name)
    stop = str(uuid4())
    await site.in_session("lead", "tour.add_stop", stop_id=stop, name="Gate 2")
    await site.in_session("lead", "tour.open_stop", stop_id=stop)
    fields: dict[str, Json] = {"criterion_id": "3.1", "method": "live", "note": "It stands open", "stop_id": stop}
    await site.obeyed("lead", "answer.record", verdict="not_met", base_version=0, **fields)
    await site.obeyed("reviewer", "review.mark", criterion_id="3.1", answer_version=1, mark="question", note="Which?")
    seen = {name: await site.people[name].seen(f"{site.validation}/snapshot") for name in ("lead", "contact", "phone")}
    for name, snapshot in seen.items():
        assert snapshot == await folded(site, name)
    assert seen["lead"]["reviews"]
    assert seen["contact"]["reviews"] == seen["phone"]["reviews"] == {}
    assert seen["contact"] == {**seen["lead"], "reviews": {}}


async def test_destroyed_body_leaves_the_snapshot(site: Site) -> None:
    """What the process kept in memory is folded anew; a log longer than one page of entries too."""
    await site.obeyed("lead", "request.open", request_id=str(uuid4()), text="The name that has to go")
    (entry,) = [row for row in await site.entries() if row["tag"] == "checklist.request_opened"]
    log_id = case_log(CaseId(UUID(site.ids["validation"])))
    async with site.services.database.write() as tx:
        for step in range(1_100):
            tx.record(log_id, StepTaken(writer="test", step=step), writer_actor("test"))
    assert "has to go" in str(await site.people["lead"].seen(f"{site.validation}/snapshot"))
    async with site.services.database.write() as tx:
        await destroy_body(tx, log_id, int(str(entry["seq"])), reason="withdrawn", actor=writer_actor("test"))
    forgotten = await site.people["lead"].seen(f"{site.validation}/snapshot")
    assert "has to go" not in str(forgotten)
    assert (forgotten["requests"], forgotten["seq"]) == ({}, int(str(entry["seq"])) + 1_101)
