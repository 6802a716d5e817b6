"""Join links: opened, opened again, forwarded, expired, withdrawn, forged; and what a guest may see."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from server.auth.links import read_invitation, sign_invitation
from sessions.errors import InvitationNotFound
from sessions.ids import InvitationId
from tests.http.house import House, invited, open_case


async def test_link_makes_the_browser_the_guests(house: House) -> None:
    """The guest sees what the session is, by the site's zone, and is known from then on."""
    await open_case(house)
    token = await invited(house)
    phone = await house.browser()
    status, view = await phone.post("/join", {"token": token})
    assert status == 200
    assert (view["name"], view["role"], view["language"]) == ("Ana Ruiz", "camera_operator", "es")
    assert (view["starts_at"], view["time_zone"]) == ("2026-11-24T15:00:00Z", "America/Monterrey")
    assert (view["member_name"], view["site_name"], view["state"]) == ("Acero del Norte", "Plant 1", "planned")
    me = await phone.seen("/me")
    assert (me["kind"], me["participant_id"]) == ("guest", house.ids["guest"])
    assert (me["validation_id"], me["validation_session_id"]) == (house.ids["validation"], house.ids["session"])


async def test_link_opens_again_in_the_same_browser_only(house: House) -> None:
    """A forwarded link opens nothing, even when the first browser has lost its login."""
    await open_case(house)
    token = await invited(house)
    phone, other = await house.browser(), await house.browser()
    assert (await phone.post("/join", {"token": token}))[0] == 200
    first_login = phone.cookie("sightline_login")
    assert (await phone.post("/join", {"token": token}))[0] == 200
    assert phone.cookie("sightline_login") == first_login
    status, problem = await other.post("/join", {"token": token})
    assert (status, problem["code"]) == (403, "link_bound_elsewhere")
    assert (await other.get("/me"))[0] == 401
    await phone.ask("DELETE", "/login")
    assert (await phone.post("/join", {"token": token}))[0] == 200
    assert (await phone.get("/me"))[0] == 200


async def test_link_opened_in_two_browsers_at_once_belongs_to_one(house: House) -> None:
    """Whoever is first has it."""
    await open_case(house)
    token = await invited(house)
    phones = [await house.browser() for _ in range(4)]
    answers = await asyncio.gather(*(phone.post("/join", {"token": token}) for phone in phones))
    assert sorted(status for status, _ in answers) == [200, 403, 403, 403]


async def test_link_expires_a_day_after_the_planned_end(house: House) -> None:
    """120 minutes from 15:00 UTC, and 24 hours."""
    await open_case(house)
    token = await invited(house)
    house.clock.move(timedelta(hours=3 + 2 + 24, seconds=-1))
    early = await house.browser()
    assert (await early.post("/join", {"token": token}))[0] == 200
    house.clock.move(timedelta(seconds=1))
    status, problem = await (await house.browser()).post("/join", {"token": token})
    assert (status, problem["code"]) == (410, "link_expired")


async def test_withdrawn_link_ends_the_guests_login_at_once(house: House) -> None:
    """Nothing opens it again, not even the browser that owns it."""
    await open_case(house)
    token = await invited(house)
    phone = await house.browser()
    await phone.post("/join", {"token": token})
    status, _ = await house.people["lead"].ask("DELETE", f"/invitations/{house.ids['invitation']}")
    assert status == 204
    assert (await phone.get("/me"))[0] == 401
    status, problem = await phone.post("/join", {"token": token})
    assert (status, problem["code"]) == (410, "link_revoked")


async def test_link_of_a_cancelled_session_opens_nothing(house: House) -> None:
    """There is nothing to join."""
    await open_case(house)
    token = await invited(house)
    path = f"/validation-sessions/{house.ids['session']}/cancel"
    assert (await house.people["lead"].post(path, {"reason": "Storm"}))[0] == 200
    status, problem = await (await house.browser()).post("/join", {"token": token})
    assert (status, problem["code"]) == (410, "link_revoked")


@pytest.mark.parametrize("kind", ["garbage", "tampered", "another key", "never made"])
async def test_forged_link_looks_like_none(house: House, kind: str) -> None:
    """Whether the signature is wrong or the invitation unknown is nobody's business."""
    await open_case(house)
    token = await invited(house)
    secret = house.services.link_secret
    forged = {
        "garbage": "not.a.token",
        "tampered": ("A" if token[0] != "A" else "B") + token[1:],
        "another key": sign_invitation(bytes(32), InvitationId(uuid4())),
        "never made": sign_invitation(secret, InvitationId(uuid4())),
    }[kind]
    status, problem = await (await house.browser()).post("/join", {"token": forged})
    assert (status, problem["code"]) == (404, "invitation_not_found")


def test_key_of_links_rotates() -> None:
    """The newest key signs, the older ones still verify; a key that was taken out verifies no more."""
    invitation_id = InvitationId(uuid4())
    older, newer = bytes(32), bytes(range(32))
    before, after = sign_invitation(older, invitation_id), sign_invitation(older + newer, invitation_id)
    assert read_invitation(older + newer, before) == read_invitation(older + newer, after) == invitation_id
    assert read_invitation(newer, after) == invitation_id
    with pytest.raises(InvitationNotFound):
        read_invitation(newer, before)


async def test_link_is_refused_where_somebody_with_an_account_is_signed_in(house: House) -> None:
    """A specialist who clicks it neither takes it from the guest nor loses the own login."""
    await open_case(house)
    token = await invited(house)
    status, problem = await house.people["lead"].post("/join", {"token": token})
    assert (status, problem["code"], problem["name"]) == (409, "already_signed_in", "Lead")
    assert (await (await house.browser()).post("/join", {"token": token}))[0] == 200


async def test_who_has_an_account_gets_no_door_without_it(house: House) -> None:
    """The link of an account's invitation is the room's page, where one signs in."""
    await open_case(house)
    path = f"/validation-sessions/{house.ids['session']}/invitations"
    body = {"participant_id": house.ids["contact_participant"]}
    made = await house.people["lead"].made(path, body)
    link = str(made["link"])
    assert link.endswith(f"/room/{house.ids['validation']}/{house.ids['session']}")
    invitation = made["invitation"]
    assert isinstance(invitation, dict)
    forged = sign_invitation(house.services.link_secret, InvitationId(UUID(str(invitation["id"]))))
    status, problem = await (await house.browser()).post("/join", {"token": forged})
    assert (status, problem["code"]) == (404, "invitation_not_found")


async def test_guest_sees_the_own_validation_and_nothing_else(house: House) -> None:
    """Roster without addresses; no lists, no other validation, no schedule."""
    await open_case(house)
    token = await invited(house)
    mine = house.ids["validation"]
    await open_case(house)
    other = house.ids["validation"]
    phone = await house.browser()
    await phone.post("/join", {"token": token})
    seen = await phone.seen(f"/validations/{mine}")
    assert (seen["role"], seen["review_signed"]) == ("camera_operator", None)
    people = seen["participants"]
    assert isinstance(people, list)
    assert len(people) == 5
    assert all(isinstance(person, dict) and person["email"] is None for person in people)
    assert (await phone.get(f"/validations/{other}"))[0] == 404
    assert (await phone.get(f"/validations/{uuid4()}"))[0] == 404
    assert (await phone.get(f"/validations/{mine}/criteria"))[0] == 200
    for path in ("/validations", "/worklist", "/members", "/accounts", f"/members/{house.ids['member']}"):
        assert (await phone.get(path))[0] == 403


async def test_links_are_opened_at_a_bounded_rate(house: House) -> None:
    """Sixty tries in ten minutes from one address."""
    visitor = await house.browser()
    statuses = [(await visitor.post("/join", {"token": "x"}))[0] for _ in range(61)]
    assert statuses[-1] == 429
    assert set(statuses[:50]) == {404}
