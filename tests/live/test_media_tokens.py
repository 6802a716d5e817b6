"""Media tokens: equipment publishes and watches on behalf of who made its token, and ends with it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from evidence.records import Json
from sessions.tour.interruption_store import is_silent
from tests.media.peers import Tone
from tests.parts.broadcasts import publish
from tests.parts.equipment import arrives, ask, send, show, token_of
from tests.parts.site import Site
from tests.waiting import wait_until

OFFER = "v=0\r\n"
"""An offer that is refused before it is read."""


async def listed(site: Site, name: str) -> dict[str, dict[str, Json]]:
    """Return the tokens that a person sees, by id."""
    answer = await site.people[name].seen(f"/validation-sessions/{site.ids['session']}/media-tokens")
    items = answer["items"]
    assert isinstance(items, list)
    return {str(item["id"]): item for item in items if isinstance(item, dict)}


async def seat(site: Site, name: str) -> None:
    """Let one of the people into the room."""
    await site.arrive(name)
    await site.in_session("lead", "participant.admit", participant_id=site.ids[f"{name}_participant"])


async def test_encoder_sends_with_its_token_until_that_is_withdrawn(live_site: Site) -> None:
    """The source has the token's name and type; the withdrawal ends it at once, and every step is in the ledger."""
    site = live_site
    token = await token_of(site, "lead")
    assert token.url == f"{site.services.settings.origin}/api/whip/{site.ids['session']}"
    told, _ = await send(site, token, Tone(440))
    (opened,) = await site.stated("tour.source_opened")
    assert (opened["name"], opened["source_type"], opened["kind"]) == ("Dock camera 3", "fixed_camera", "camera")
    lead = (await site.stated("tour.consent_given"))[0]["participant_id"]
    assert (opened["participant_id"], opened["token_id"]) == (lead, token.id)
    row = (await listed(site, "lead"))[token.id]
    assert row["first_used_at"] is not None
    assert row["made_by"] == (await site.people["lead"].seen("/me"))["name"]
    assert token.secret not in str(row)
    status, _ = await site.people["lead"].ask("DELETE", f"/media-tokens/{token.id}")
    assert status == 204
    assert not await arrives(site, told.source_id)
    assert (await site.stated("tour.source_closed"))[0]["reason"] == "token_revoked"
    tags = [row["tag"] for row in await site.entries() if str(row["tag"]).startswith("tour.token")]
    assert tags == ["tour.token_made", "tour.token_used", "tour.token_revoked"]
    again = await ask(site, "POST", token.url, f"Bearer {token.secret}", OFFER)
    assert (again.status, again.code, again.headers["WWW-Authenticate"]) == (401, "not_signed_in", "Bearer")


async def test_player_watches_the_newest_picture_until_its_token_is_withdrawn(live_site: Site) -> None:
    """By the session's URL; the line ends with the token."""
    site = live_site
    token = await token_of(site, "lead", None, "Wall screen")
    early = await ask(site, "POST", token.url, f"Bearer {token.secret}", OFFER)
    assert (early.status, early.code) == (404, "source_not_found")
    await seat(site, "contact")
    await send(site, await token_of(site, "contact", "drone", "Drone"), Tone(440))
    told, viewer = await show(site, token, "audio")
    await wait_until(lambda: viewer.received["audio"])
    assert (await ask(site, "DELETE", f"{told.headers['Location']}", "Bearer slm_another")).status == 401
    await site.people["lead"].ask("DELETE", f"/media-tokens/{token.id}")
    await wait_until(lambda: viewer.pc.connectionState == "closed", within_s=30)


async def test_second_publication_with_a_token_is_refused_while_the_first_one_arrives(live_site: Site) -> None:
    """A copied token cannot take the camera's place; once it has hung up the token is free again."""
    site = live_site
    await seat(site, "contact")
    token = await token_of(site, "contact")
    told, _ = await send(site, token, Tone(440))
    second = await ask(site, "POST", token.url, f"Bearer {token.secret}", OFFER)
    assert (second.status, second.code) == (409, "token_in_use")
    assert await arrives(site, told.source_id)
    assert (await ask(site, "DELETE", told.headers["Location"], f"Bearer {token.secret}")).status == 200
    assert (await send(site, token, Tone(660)))[0].status == 201


async def test_equipment_whose_line_broke_comes_back_with_its_token(live_site: Site) -> None:
    """The broken source is ended and the new one opened, without waiting until the first is given up."""
    site = live_site
    await seat(site, "contact")
    token = await token_of(site, "contact")
    told, peer = await send(site, token, Tone(440))
    peer.senders[0].replaceTrack(None)

    async def silent() -> bool:
        async with site.services.database.read() as tx:
            return await is_silent(tx, UUID(told.source_id))

    await wait_until(silent, within_s=30)
    again, _ = await send(site, token, Tone(660))
    assert again.source_id != told.source_id
    assert [(row["source_id"], row["reason"]) for row in await site.stated("tour.source_closed")] == [
        (told.source_id, "replaced")
    ]


async def test_token_is_refused_until_consent_admission_and_start(embedded_site: Site) -> None:
    """The rules of who made it hold for it: nothing before the session starts, nothing before consent."""
    site = embedded_site
    await site.join()
    token = await token_of(site, "contact")

    async def code() -> str:
        return (await ask(site, "POST", token.url, f"bearer  {token.secret}", OFFER)).code

    assert await code() == "wrong_phase"
    await site.in_session("lead", "session.start")
    assert await code() == "consent_missing"
    await site.in_session("contact", "consent.give", recording=False, language="en", text_id="consent-1")
    assert await code() == "not_admitted"
    await site.arrive("lead")
    await site.in_session("lead", "session.end")
    assert await code() == "wrong_phase"


async def test_expired_token_opens_nothing_and_ends_what_it_sends(live_site: Site) -> None:
    """Some hours after the planned end, however long the session lasts."""
    site = live_site
    await seat(site, "contact")
    token = await token_of(site, "contact", hours=1)
    told, _ = await send(site, token, Tone(440))
    site.clock.move(timedelta(hours=5))
    await wait_until(lambda: site.stated("tour.source_closed"), within_s=30)
    assert (await site.stated("tour.source_closed"))[0]["reason"] == "token_expired"
    assert not await arrives(site, told.source_id)
    late = await ask(site, "POST", token.url, f"Bearer {token.secret}", OFFER)
    assert (late.status, late.code) == (401, "not_signed_in")


async def test_token_opens_nothing_but_what_it_is_for(live_site: Site) -> None:
    """Another session, another role, another kind, another's source, and the rest of the API."""
    site = live_site
    sends, watches = await token_of(site, "lead"), await token_of(site, "lead", None, "Wall screen")
    session = site.ids["session"]
    spare = await site.people["lead"].made(f"{site.validation}/sessions", await plan(site))
    person, _ = await publish(site, "phone", Tone(440), kind="microphone")
    expected = {
        (sends, "POST", f"/api/whip/{spare['id']}"): (403, "token_out_of_scope"),
        (sends, "POST", f"/api/whip/{session}?kind=microphone"): (403, "token_out_of_scope"),
        (sends, "POST", f"/api/whep/{person.source_id}"): (403, "token_out_of_scope"),
        (sends, "POST", f"/api/whep/sessions/{session}"): (403, "token_out_of_scope"),
        (watches, "POST", f"/api/whip/{session}"): (403, "token_out_of_scope"),
        (watches, "POST", f"/api/whep/sessions/{spare['id']}"): (403, "token_out_of_scope"),
        (sends, "DELETE", person.location): (404, "source_not_found"),
        (watches, "DELETE", f"/api/whep/{person.source_id}/{uuid4()}"): (404, "not_found"),
        (sends, "POST", f"/api/whip/{uuid4()}"): (404, "validation_not_found"),
        (sends, "GET", "/api/me"): (401, "not_signed_in"),
        (watches, "GET", f"/api{site.validation}/snapshot"): (401, "not_signed_in"),
        (sends, "GET", f"/api/validation-sessions/{session}/media-tokens"): (401, "not_signed_in"),
        (sends, "DELETE", f"/api/media-tokens/{sends.id}"): (401, "not_signed_in"),
    }
    found = {}
    for token, method, path in expected:
        content = OFFER if method == "POST" else None
        told = await ask(site, method, path, f"Bearer {token.secret}", content)
        found[token, method, path] = told.status, told.code
        if told.code == "token_out_of_scope":
            assert told.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'
    assert found == expected


async def plan(site: Site) -> dict[str, Json]:
    """Return the wish for another session tomorrow."""
    starts = (site.clock() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    return {"site_id": site.ids["site"], "starts_at_local": starts, "duration_min": 60, "recording": True}


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer slm_",
        "Bearer slm_unknown",
        "Basic {secret}",
        "Bearer {secret}x",
        "Bearer {secret} {secret}",
        "Bearer {digest}",
        "{secret}",
        "Bearer slm_\u00e9",
        "Bearer " + "slm_" + "x" * 7_000,
    ],
)
async def test_forged_token_is_refused(embedded_site: Site, forged: str) -> None:
    """As no token at all, whatever it looks like; what the database holds of one is none."""
    site = embedded_site
    token = await token_of(site, "lead")
    async with site.services.database.read() as tx:
        row = await tx.connection.exec_driver_sql("SELECT digest FROM media_token")
        digest = str(row.scalar_one())
    told = await ask(site, "POST", token.url, forged.format(secret=token.secret, digest=digest), OFFER)
    assert (told.status, told.code, told.headers["WWW-Authenticate"]) == (401, "not_signed_in", "Bearer")


async def test_headers_cannot_be_smuggled(embedded_site: Site) -> None:
    """Two tokens, an endless one, and one beside the cookie of another site's page."""
    site = embedded_site
    token = await token_of(site, "lead")
    right = f"Bearer {token.secret}"
    for two in ([right, right], [right, "Bearer slm_unknown"], ["Bearer slm_unknown", right]):
        assert (await ask(site, "POST", token.url, two, OFFER)).status == 401
    endless = await ask(site, "POST", token.url, "Bearer slm_" + "x" * 20_000, OFFER)
    assert endless.status == 400
    cookie = f"sightline_login={site.people['lead'].cookie('sightline_login')}"
    elsewhere = {"Cookie": cookie, "Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    borrowed = await ask(site, "POST", token.url, right, OFFER, **elsewhere)
    assert (borrowed.status, borrowed.code) == (403, "cross_site_request")
    own = await ask(site, "GET", "/api/me", right, **{"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
    assert (own.status, own.code) == (401, "not_signed_in")


async def test_wrong_tokens_are_limited_and_right_ones_go_on(embedded_site: Site) -> None:
    """Who tries secrets is told to wait; equipment behind the same address is not."""
    site = embedded_site
    token = await token_of(site, "lead")
    statuses = [(await ask(site, "POST", token.url, f"Bearer slm_{n}", OFFER)).status for n in range(61)]
    assert statuses == [401] * 60 + [429]
    assert (await ask(site, "POST", token.url, f"Bearer {token.secret}", OFFER)).code == "wrong_phase"


async def test_each_sees_and_withdraws_the_tokens_that_are_theirs(embedded_site: Site) -> None:
    """The specialist sees all; the contact their own, and makes none that watch; names are not given twice."""
    site = embedded_site
    of_lead, of_contact = await token_of(site, "lead"), await token_of(site, "contact", called="Gate")
    assert set(await listed(site, "lead")) == {of_lead.id, of_contact.id}
    assert set(await listed(site, "contact")) == {of_contact.id}
    path = f"/validation-sessions/{site.ids['session']}/media-tokens"
    watching = await site.people["contact"].post(path, {"name": "Wall screen"})
    assert (watching[0], watching[1]["code"]) == (403, "not_allowed")
    taken = await site.people["contact"].post(path, {"name": "Dock camera 3", "source_type": "drone"})
    assert (taken[0], taken[1]["code"]) == (409, "token_name_taken")
    status, answer = await site.people["contact"].ask("DELETE", f"/media-tokens/{of_lead.id}")
    assert (status, answer["code"]) == (404, "token_not_found")
    for _ in range(2):
        assert (await site.people["lead"].ask("DELETE", f"/media-tokens/{of_contact.id}"))[0] == 204
    assert len(await site.stated("tour.token_revoked")) == 1
    assert (await token_of(site, "contact", called="Gate")).id != of_contact.id


async def test_token_moves_with_its_session(embedded_site: Site) -> None:
    """A session that is moved takes the expiry of its tokens along."""
    site = embedded_site
    token = await token_of(site, "lead")
    before = (await listed(site, "lead"))[token.id]["expires_at"]
    wish = await plan(site)
    later = {key: wish[key] for key in ("starts_at_local", "duration_min")}
    path = f"/validation-sessions/{site.ids['session']}/reschedule"
    await site.people["lead"].made(path, {**later, "reason": "Rain."})
    assert str((await listed(site, "lead"))[token.id]["expires_at"]) > str(before)
