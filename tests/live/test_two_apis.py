"""Several API processes on one database: each serves its own sockets from the ledger, Redis carries hints alone."""

from pathlib import Path

from tests.parts.site import open_site
from tests.waiting import wait_until


async def test_pages_of_two_apis_are_in_one_room(postgres_url: str, redis_url: str, tmp_path: Path) -> None:
    """An entry comes once to each page whoever took the command; a hint comes to the pages of the other API too."""
    async with open_site(postgres_url, tmp_path, redis_url=redis_url) as site, site.another_api() as url:
        here, there = await site.line("lead"), await site.line("second", url)
        for line in (here, there):
            await line.subscribe()
        await site.in_session("lead", "session.start")
        answer = await there.command("consent.give", **consent(site.ids["session"]))
        last = int(str(answer["seq"]))
        for line in (here, there):
            await line.heard(last)
            assert line.seqs() == list(range(last + 1))
        await there.hint("presence", criterion_id="3.1")
        await wait_until(lambda: here.hints)
        await here.hint("line", state="weak")
        await wait_until(lambda: there.hints)
        assert (len(here.hints), len(there.hints)) == (1, 1)


def consent(session_id: str) -> dict[str, str | bool]:
    """Return the fields of a consent."""
    return {"validation_session_id": session_id, "recording": True, "language": "en", "text_id": "consent-1"}
