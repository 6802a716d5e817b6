"""Everybody there is around the case of `open_case`, inside and outside, and the case on its way through its phases."""

from datetime import timedelta
from typing import Final, Literal, get_args
from uuid import UUID, uuid4

from evidence.ids import CaseId, case_log
from evidence.records import Json
from server.jobs.checkpoints import ask_checkpoint
from tests.parts.outsiders import (
    OUTSIDERS,
    add_account,
    begin_upload,
    fill_locker,
    fill_room,
    guest_of,
    let_outsiders_in,
)
from tests.parts.site import MONTERREY, Site

Phase = Literal["planned", "live", "ended", "closed"]
PHASES: Final[tuple[Phase, ...]] = get_args(Phase)

SPECIALISTS: Final = frozenset({"lead", "second"})
COMPANY: Final = frozenset({"contact", "expert", "phone"})
"""The member's side of the case: its contact, an expert with an account, and a guest with the camera."""
GUESTS: Final = frozenset({"partner", "interpreter", "observer", "office_observer"})
"""Those with a seat and no rights over evidence: a guest of the second company, a guest and an account of the third,
and an account of the office."""
SEATED: Final = SPECIALISTS | COMPANY | GUESTS | {"chief"}
"""Who may sit in the room; the chief is a supervisor on the roster, the other supervisor looks in from outside."""
GOVERNMENT: Final = SPECIALISTS | {"chief", "supervisor", "reviewer"}
EVIDENCE: Final = GOVERNMENT | COMPANY
INSIDERS: Final = SEATED | GOVERNMENT
EVERYBODY: Final = (*sorted(INSIDERS), *OUTSIDERS)
BY_LINK: Final = frozenset({"phone", "partner", "interpreter", "other_guest", "third_guest"})
"""Who has no account."""
WITH_ACCOUNT: Final = frozenset(EVERYBODY) - BY_LINK - {"anonymous"}
OF_COMPANIES: Final = BY_LINK | {"contact", "expert", "observer", "stranger", "third"}
"""Who is of the side of the companies, whichever."""

ANSWERED: Final[dict[str, Json]] = {"criterion_id": "3.1", "verdict": "met", "method": "live", "base_version": 0}


async def gather_everybody(site: Site) -> None:
    """Put everybody on the roster who is to be, and let the outsiders in."""
    await site.join()
    await let_outsiders_in(site)
    await add_account(site, "chief", like="supervisor")
    await add_account(site, "expert", like="contact", company="member")
    await add_account(site, "observer", like="stranger", company="third_member")
    await add_account(site, "office_observer", like="reviewer")
    listed = {"chief": "supervisor", "expert": "member_expert", "observer": "observer", "office_observer": "observer"}
    for name, role in listed.items():
        await _add(site, name, role=role, account_id=site.ids[name])
    for name, person in (("partner", "other_person"), ("interpreter", "third_person")):
        await _add(site, name, role=name, person_id=site.ids[person])
        site.people[name] = await guest_of(site, site.ids["session"], site.ids[f"{name}_participant"])
    site.ids["phone_participant"] = site.ids["guest"]


async def _add(site: Site, name: str, **wish: str) -> None:
    added = await site.people["lead"].made(f"{site.validation}/participants", wish)
    site.ids[f"{name}_participant"] = str(added["id"])


async def fill_planned(site: Site) -> dict[str, str]:
    """Let the planned case have an answer and something of everything that needs no live session; return path ids."""
    ids = site.ids
    ids |= {"still": str(uuid4()), "spare": await plan_spare(site)}
    await site.obeyed("lead", "answer.record", **ANSWERED)
    wish = {"participant_id": ids["second_participant"]}
    spare = await site.people["lead"].made(f"/validation-sessions/{ids['session']}/invitations", wish)
    invitation = spare["invitation"]
    assert isinstance(invitation, dict)
    filled = await fill_locker(site) | {"invitation_id": str(invitation["id"])}
    await _settle(site)
    return filled


async def plan_spare(site: Site) -> str:
    """Plan another session, that began half an hour ago, and return its id."""
    starts = site.clock().astimezone(MONTERREY) - timedelta(minutes=30)
    plan = {
        "site_id": site.ids["site"],
        "starts_at_local": starts.strftime("%Y-%m-%dT%H:%M"),
        "duration_min": 60,
        "recording": True,
    }
    return str((await site.people["lead"].made(f"{site.validation}/sessions", plan))["id"])


async def open_another(site: Site) -> str:
    """Open another case of the lead's, and return its id."""
    wish = {"member_id": site.ids["member"], "site_id": site.ids["site"], "method": "virtual"}
    return str((await site.people["lead"].made("/validations", wish))["id"])


async def move_on(site: Site, phase: Phase) -> dict[str, str]:
    """Bring the case from the phase before to this one; return the path ids that are new."""
    new: dict[str, str] = {}
    if phase == "live":
        new = await _go_live(site) | {"upload_id": await begin_upload(site)}
    elif phase == "ended":
        new = {"upload_id": await begin_upload(site)}
        await site.in_session("lead", "session.end")
    elif phase == "closed":
        # The session that is still planned: it is the case then that is over, and not the session.
        new = {"upload_id": await begin_upload(site), "validation_session_id": site.ids["spare"]}
        await close_case(site)
    await _settle(site)
    return new


async def _go_live(site: Site) -> dict[str, str]:
    await site.in_session("lead", "session.start")
    for name in sorted(SEATED):
        await site.arrive(name)
    for name in sorted(COMPANY | GUESTS):
        # Some were let in while the session was planned; they are told so.
        admitted = {"validation_session_id": site.ids["session"], "participant_id": site.ids[f"{name}_participant"]}
        await site.command("lead", "participant.admit", **admitted)
    await site.in_session("lead", "still.request", still_id=site.ids["still"])
    return await fill_room(site)


async def close_case(site: Site) -> None:
    """Sign the review of the one answer there is, which closes the case."""
    await site.obeyed("reviewer", "review.mark", criterion_id="3.1", answer_version=1, mark="supported")
    await site.obeyed("reviewer", "review.sign", statement="Seen.")


async def _settle(site: Site) -> None:
    """Sign the case as it is and do what waits: a receipt is then given out at once."""
    async with site.services.database.write() as tx:
        await ask_checkpoint(tx, case_log(CaseId(UUID(site.ids["validation"]))))
    await site.work()
