"""Every command by every role of a case: who may not is told so, whatever else is wrong with the command."""

from collections.abc import Mapping
from typing import Final, get_args
from uuid import uuid4

from evidence.records import Json
from sessions.commands import Command
from tests.parts.site import Site

SPECIALISTS: Final = frozenset({"lead", "second"})
WALKERS: Final = frozenset({"contact", "phone"})
IN_THE_ROOM: Final = SPECIALISTS | WALKERS | {"supervisor"}
EVERYBODY: Final = IN_THE_ROOM | {"reviewer"}
REVIEWERS: Final = frozenset({"reviewer"})
ANSWER: Final[Mapping[str, Json]] = {
    "criterion_id": "3.1",
    "verdict": "met",
    "method": "live",
    "base_version": 0,
}
TABLE: Final[Mapping[str, tuple[frozenset[str], Mapping[str, Json]]]] = {
    "session.start": (SPECIALISTS, {"validation_session_id": "<session>"}),
    "session.end": (SPECIALISTS, {"validation_session_id": "<session>"}),
    "participant.admit": (SPECIALISTS, {"validation_session_id": "<session>", "participant_id": "<guest>"}),
    "participant.remove": (
        SPECIALISTS,
        {"validation_session_id": "<session>", "participant_id": "<guest>", "reason": "Noise."},
    ),
    "consent.give": (
        IN_THE_ROOM,
        {"validation_session_id": "<session>", "recording": True, "language": "en", "text_id": "consent-1"},
    ),
    "lobby.enter": (
        IN_THE_ROOM,
        {"validation_session_id": "<session>", "camera": True, "microphone": True, "user_agent_label": "Chromium"},
    ),
    "room.leave": (IN_THE_ROOM, {"validation_session_id": "<session>"}),
    "privacy.start": (IN_THE_ROOM, {"validation_session_id": "<session>", "reason": "A line of a customer."}),
    "privacy.stop": (IN_THE_ROOM, {"validation_session_id": "<session>"}),
    "tour.add_stop": (SPECIALISTS, {"validation_session_id": "<session>", "stop_id": "<new>", "name": "Gate 1"}),
    "tour.open_stop": (SPECIALISTS, {"validation_session_id": "<session>", "stop_id": "<new>"}),
    "tour.mark": (SPECIALISTS | WALKERS, {"validation_session_id": "<session>", "label": "Seal"}),
    "still.request": (SPECIALISTS, {"validation_session_id": "<session>", "still_id": "<new>"}),
    "still.decline": (SPECIALISTS | WALKERS, {"still_id": "<new>", "reason": "Too dark."}),
    "answer.record": (SPECIALISTS, ANSWER),
    "finding.set_due": (SPECIALISTS, {"finding_id": "<new>", "due_on": "2027-01-31", "base_version": 1}),
    "item.link": (SPECIALISTS, {"item_id": "<new>", "criterion_id": "3.1"}),
    "request.open": (SPECIALISTS, {"request_id": "<new>", "text": "A photo, please."}),
    "request.close": (SPECIALISTS, {"request_id": "<new>"}),
    "review.mark": (REVIEWERS, {"criterion_id": "3.1", "answer_version": 1, "mark": "supported"}),
    "review.sign": (REVIEWERS, {"statement": "Seen."}),
}
"""Who may, from domain.md part 4, and a complete command; a specialist answers, a walker shows, a reviewer decides."""


def test_every_command_has_its_row() -> None:
    """A new command says here whom it is for."""
    kinds = [get_args(one.model_fields["type"].annotation)[0] for one in get_args(get_args(Command)[0])]
    assert sorted(kinds) == sorted(TABLE)


async def test_roles_that_may_not_are_refused_each_command(embedded_site: Site) -> None:
    """First everybody who may not, in a live session; the log has not grown by it."""
    await all_in(embedded_site)
    before = await embedded_site.entries()
    for kind, (may, fields) in TABLE.items():
        for name in sorted(EVERYBODY - may):
            status, answer = await embedded_site.command(name, kind, **filled(embedded_site, fields))
            assert (status, answer["code"]) == (403, "not_allowed"), (name, kind, answer)
    assert await embedded_site.entries() == before


async def test_roles_that_may_are_not_refused_for_who_they_are(embedded_site: Site) -> None:
    """The command may come too late or name what is not there; it is never the person."""
    await all_in(embedded_site)
    for kind, (may, fields) in TABLE.items():
        for name in sorted(may):
            status, answer = await embedded_site.command(name, kind, **filled(embedded_site, fields))
            assert status in {200, 404, 409}, (name, kind, answer)
            assert answer.get("code") != "not_allowed", (name, kind)


async def all_in(site: Site) -> None:
    """Go live, with the supervisor on the roster: from outside they look in, and have no seat."""
    told = {"role": "supervisor", "account_id": site.ids["supervisor"]}
    await site.people["lead"].made(f"{site.validation}/participants", told)
    await site.go_live()


def filled(site: Site, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields with the ids of the case; `<new>` is an id that names nothing."""
    known: dict[str, Json] = {f"<{name}>": value for name, value in site.ids.items()}
    return {
        name: (str(uuid4()) if value == "<new>" else known.get(value, value)) if isinstance(value, str) else value
        for name, value in fields.items()
    }
