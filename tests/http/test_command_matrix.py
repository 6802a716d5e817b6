"""Every command by everybody in every phase: who may not is told so, and who may is told when it is not the time.

A new command fails here until it has a row that says whom it is for and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args
from uuid import uuid4

from evidence.records import Json
from sessions.commands import Command
from tests.http.operations import AHEAD, LIVE, OPEN, PLANNED, Told, always
from tests.parts.everybody import (
    COMPANY,
    EVERYBODY,
    INSIDERS,
    PHASES,
    SEATED,
    SPECIALISTS,
    Phase,
    fill_planned,
    gather_everybody,
    move_on,
    plan_spare,
)
from tests.parts.site import Site

REVIEWER: Final = frozenset({"reviewer"})
HIDERS: Final = SPECIALISTS | COMPANY | {"chief"}
"""Either side of the room, but not its guests."""
LOOKING_IN: Final = "supervisor"
"""Has a role that may, and no seat: what needs one is refused for it."""
SESSION: Final[dict[str, Json]] = {"validation_session_id": "<session>"}
ABOUT_GUEST: Final[dict[str, Json]] = SESSION | {"participant_id": "<guest>"}
DEVICES: Final[dict[str, Json]] = {"camera": True, "microphone": True, "user_agent_label": "Chromium"}
CONSENT: Final[dict[str, Json]] = {"recording": True, "language": "en", "text_id": "consent-1"}
BECAUSE: Final[dict[str, Json]] = {"reason": "A line of a customer."}
DATED: Final[dict[str, Json]] = {"finding_id": "<new>", "due_on": "2087-01-31", "base_version": 1}
STALE: Final[dict[str, Json]] = {"criterion_id": "3.1", "verdict": "met", "method": "live", "base_version": 99}
BROKEN: Final[dict[str, Json]] = {"source_id": "<new>", "cause": "call", "started_at": "2026-11-24T15:00:00Z"}
LINK: Final[dict[str, Json]] = {"item_id": "<new>", "criterion_id": "3.1"}
MARK: Final[dict[str, Json]] = {"criterion_id": "3.1", "answer_version": 99, "mark": "supported"}


@dataclass(frozen=True)
class Row:
    """Who may, what they are told by phase (a phase that is not named: done), and a complete command.

    `before` and `after` are commands that make every attempt find the room alike: by whom (`self` for the same
    person), and which.
    """

    may: frozenset[str]
    told: Told
    fields: Mapping[str, Json]
    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None


TABLE: Final[Mapping[str, Row]] = {
    "session.start": Row(SPECIALISTS, PLANNED, SESSION, after=("self", "session.end")),
    "session.end": Row(SPECIALISTS, LIVE, SESSION),
    "consent.give": Row(SEATED, AHEAD, SESSION | CONSENT),
    "lobby.enter": Row(SEATED, AHEAD, SESSION | DEVICES),
    "room.leave": Row(SEATED, AHEAD, SESSION, after=("self", "lobby.enter")),
    "participant.admit": Row(SPECIALISTS, AHEAD, ABOUT_GUEST, before=("phone", "room.leave")),
    "participant.remove": Row(SPECIALISTS, AHEAD, ABOUT_GUEST | BECAUSE, after=("lead", "participant.admit")),
    "privacy.start": Row(HIDERS, LIVE, SESSION | BECAUSE, after=("lead", "privacy.stop")),
    "privacy.stop": Row(HIDERS, LIVE, SESSION, before=("lead", "privacy.start")),
    "tour.add_stop": Row(SPECIALISTS, AHEAD, SESSION | {"stop_id": "<new>", "name": "Gate 1"}),
    "tour.open_stop": Row(SPECIALISTS, LIVE | {"live": "stop_not_found"}, SESSION | {"stop_id": "<new>"}),
    "tour.mark": Row(SPECIALISTS | COMPANY, LIVE, SESSION | {"label": "Seal"}),
    "still.request": Row(SPECIALISTS, LIVE, SESSION | {"still_id": "<new>"}),
    "still.decline": Row(SPECIALISTS | COMPANY, always("still_not_found") | OPEN, {"still_id": "<new>"} | BECAUSE),
    "interruption.report": Row(
        HIDERS | {"interpreter", LOOKING_IN}, always("source_not_found") | OPEN, {"interruption_id": "<new>"} | BROKEN
    ),
    "photo_mode.start": Row(SPECIALISTS | COMPANY, always("source_not_found"), {"source_id": "<new>"}),
    "photo_mode.stop": Row(SPECIALISTS | COMPANY, always("source_not_found"), {"source_id": "<new>"}),
    "answer.record": Row(SPECIALISTS, always("answer_changed") | OPEN, STALE),
    "finding.set_due": Row(SPECIALISTS, always("finding_not_found") | OPEN, DATED),
    "item.link": Row(
        SPECIALISTS, always("evidence_item_not_found") | OPEN, {"item_id": "<new>", "criterion_id": "3.1"}
    ),
    "request.open": Row(SPECIALISTS, OPEN, {"request_id": "<new>", "text": "A photo, please."}),
    "request.close": Row(SPECIALISTS, always("request_not_found") | OPEN, {"request_id": "<new>"}),
    "review.mark": Row(REVIEWER, always("answer_changed") | {"closed": "review_already_signed"}, MARK),
    "review.sign": Row(
        REVIEWER, always("review_incomplete") | {"closed": "review_already_signed"}, {"statement": "Seen."}
    ),
}
"""From domain.md part 4: a specialist leads and answers, the company shows, a reviewer decides, guests have a seat.

What is written down needs an open case, the door an unfinished session, and what happens in the room a live one.
"""
WALKED: Final = frozenset({("live", "session.end")})
"""What the case itself does on its way to the next phase."""


def test_every_command_has_its_row() -> None:
    """A new command says here whom it is for."""
    kinds = [get_args(one.model_fields["type"].annotation)[0] for one in get_args(get_args(Command)[0])]
    assert sorted(kinds) == sorted(TABLE)


async def test_everybody_is_answered_as_the_rules_say_in_every_phase(embedded_site: Site) -> None:
    """The case goes from planned to closed; what is refused leaves no entry."""
    site = embedded_site
    await gather_everybody(site)
    await fill_planned(site)
    for phase in PHASES:
        await move_on(site, phase)
        await _refuse(site, phase)
        await _obey(site, phase)


async def _refuse(site: Site, phase: Phase) -> None:
    """Refuse who may not, and who may in the wrong phase; nothing is written down."""
    found: list[tuple[str, ...]] = []
    before = await site.entries()
    # In a closed case the session that is still planned: it is the case then that is over.
    session = site.ids["spare" if phase == "closed" else "session"]
    for kind, row in TABLE.items():
        for name in EVERYBODY:
            wanted = _denial(name, kind, phase) if name not in row.may else row.told.get(phase)
            if wanted is not None:
                _, answer = await site.command(name, kind, **filled(site, row.fields, session))
                code = str(answer.get("code", "done"))
                found += [] if code == wanted else [(phase, kind, name, code, wanted)]
    assert (found, await site.entries()) == ([], before)


def _denial(name: str, kind: str, phase: Phase) -> str:
    if name == "anonymous":
        return "not_signed_in"
    if name == LOOKING_IN and kind.startswith("privacy"):
        return TABLE[kind].told.get(phase, "not_admitted")
    return "not_allowed" if name in INSIDERS else "validation_not_found"


async def _obey(site: Site, phase: Phase) -> None:
    """Carry out what those may who may."""
    found: list[tuple[str, ...]] = []
    for kind, row in TABLE.items():
        for name in sorted(row.may):
            if phase in row.told or (phase, kind) in WALKED:
                continue
            session = await plan_spare(site) if kind == "session.start" else site.ids["session"]
            await _beside(site, name, row.before, session)
            status, answer = await site.command(name, kind, **filled(site, row.fields, session))
            found += [] if status == 200 else [(phase, kind, name, str(answer["code"]))]
            await _beside(site, name, row.after, session)
    assert found == []


async def _beside(site: Site, name: str, step: tuple[str, str] | None, session: str) -> None:
    if step is not None:
        by, kind = step
        await site.command(name if by == "self" else by, kind, **filled(site, TABLE[kind].fields, session))


def filled(site: Site, fields: Mapping[str, Json], session: str) -> dict[str, Json]:
    """Return the fields with the ids of the case; `<new>` is an id that names nothing."""
    known: dict[str, Json] = {f"<{name}>": value for name, value in site.ids.items()}
    known["<session>"] = session
    return {
        name: (str(uuid4()) if value == "<new>" else known.get(value, value)) if isinstance(value, str) else value
        for name, value in fields.items()
    }
