"""People who have no business in the case of `open_case`, and a case with something of everything in it."""

import hashlib
from uuid import UUID, uuid4

from yarl import URL

from evidence import locker
from evidence.ids import CaseId, Digest, LaneId, SourceId, uuid7
from evidence.ledger.events import Actor
from evidence.objects.keys import object_key
from evidence.segments.rules import Lane
from server.auth.logins import Browser, open_login
from server.live.store import insert_viewer
from sessions.ids import AccountId, ParticipantId
from sessions.roster import store as roster
from sessions.roster.access import access_validation
from sessions.tour.rules import SourceKind
from sessions.tour.sources import open_source, own_feed
from tests.http.house import Visitor, account_record, add_company
from tests.parts import tus
from tests.parts.files import jpeg
from tests.parts.site import Site

OUTSIDERS = (
    "anonymous",
    "stranger",
    "other_guest",
    "third",
    "third_guest",
    "unlisted_scss",
    "unlisted_reviewer",
    "operator",
)
WORKER = Actor(kind="system", id="worker", name="Worker")


async def let_outsiders_in(site: Site) -> None:
    """Add the outsiders that `settle_in` does not have; each other company has a case of its own, with a guest."""
    site.people["anonymous"] = await site.browser()
    async with site.services.database.write() as tx:
        supervisor = await roster.get_account(tx, UUID(site.ids["supervisor"]))
        await add_company(site, tx, supervisor, prefix="third_", name="Andes Textiles", zone="America/Lima")
    await add_account(site, "third", like="stranger", company="third_member")
    await add_account(site, "unlisted_scss", like="lead")
    await add_account(site, "unlisted_reviewer", like="reviewer")
    for company in ("other", "third"):
        await _case_of(site, company)


async def add_account(site: Site, name: str, *, like: str, company: str | None = None) -> None:
    """Let somebody be there and signed in who has the office of another one of the people."""
    account = account_record(like, None if company is None else site.ids[company])
    account = account.model_copy(
        update={"id": AccountId(uuid7()), "email": f"{name}@office.example", "name": name.title()}
    )
    async with site.services.database.write() as tx:
        await roster.insert_account(tx, account)
        opened = await open_login(tx, Browser("127.0.0.1", name), way="link", account_id=account.id)
    site.ids[name] = str(account.id)
    site.people[name] = await site.browser()
    site.people[name].client.cookie_jar.update_cookies({"sightline_login": opened.token}, URL(site.url))


async def _case_of(site: Site, company: str) -> None:
    lead, ids = site.people["lead"], site.ids
    wish = {"member_id": ids[f"{company}_member"], "site_id": ids[f"{company}_site"], "method": "virtual"}
    validation = str((await lead.made("/validations", wish))["id"])
    starts = site.clock().strftime("%Y-%m-%dT%H:%M")
    plan = {"site_id": ids[f"{company}_site"], "starts_at_local": starts, "duration_min": 120, "recording": True}
    session = str((await lead.made(f"/validations/{validation}/sessions", plan))["id"])
    person = {"role": "camera_operator", "person_id": ids[f"{company}_person"]}
    guest = str((await lead.made(f"/validations/{validation}/participants", person))["id"])
    site.people[f"{company}_guest"] = await guest_of(site, session, guest)


async def guest_of(site: Site, validation_session_id: str, participant_id: str) -> Visitor:
    """Return the browser of somebody who opened their join link."""
    path = f"/validation-sessions/{validation_session_id}/invitations"
    invited = await site.people["lead"].made(path, {"participant_id": participant_id})
    visitor = await site.browser()
    await visitor.made("/join", {"token": str(invited["link"]).partition("#")[2]})
    return visitor


async def fill_case(site: Site) -> dict[str, str]:
    """Let the live case have an item, an upload under way, an export, a source and a lane; return its path ids."""
    return await fill_locker(site) | await fill_room(site)


async def fill_locker(site: Site) -> dict[str, str]:
    """Let the open case have an item, an upload under way and an export; return its path ids.

    What only a live session has gets ids that name nothing.
    """
    ids, contact = site.ids, site.people["contact"]
    item = await tus.upload(contact, ids["validation"], jpeg())
    wish = {"name": "Dock camera", "source_type": "fixed_camera"}
    token = (await contact.made(f"/validation-sessions/{ids['session']}/media-tokens", wish))["token"]
    assert isinstance(token, dict)
    _, export = await site.people["lead"].post(f"/validations/{ids['validation']}/exports", None)
    return {
        "validation_id": ids["validation"],
        "validation_session_id": ids["session"],
        "invitation_id": ids["invitation"],
        "item_id": item.item,
        "token_id": str(token["id"]),
        "upload_id": await begin_upload(site),
        "export_id": str(export["id"]),
        "seq": "0",
        "page": "1",
    } | {name: str(uuid4()) for name in ("source_id", "lane_id", "peer_id", "viewer_id")}


async def begin_upload(site: Site) -> str:
    """Let the member's contact begin an upload; return its id."""
    under_way = await tus.create(site.people["contact"], site.ids["validation"], b"begun")
    return under_way.headers["Location"].rpartition("/")[2]


async def fill_room(site: Site) -> dict[str, str]:
    """Let the phone send, the lead watch it, and a lane be there; return their path ids."""
    ids, photo = site.ids, jpeg()
    digest = Digest(hashlib.sha256(photo).hexdigest())
    source_id, lane_id, watching = SourceId(uuid7()), LaneId(uuid7()), {"peer_id": uuid4(), "viewer_id": uuid4()}
    async with site.services.database.write() as tx:
        validation_id, session_id, guest = (UUID(ids[name]) for name in ("validation", "session", "guest"))
        access = await access_validation(tx, validation_id=validation_id, participant_id=ParticipantId(guest))
        await open_source(tx, access, session_id, source_id, own_feed(SourceKind.CAMERA))
        lead = await access_validation(tx, validation_id=validation_id, account_id=UUID(ids["lead"]))
        for name, watched in (("peer_id", source_id), ("viewer_id", None)):
            await insert_viewer(
                tx,
                peer_id=watching[name],
                source_id=watched,
                participant_id=lead.participant_id,
                validation_session_id=session_id,
            )
        lane = Lane(
            id=lane_id,
            case_id=CaseId(validation_id),
            validation_session_id=session_id,
            participant_id=guest,
            kind="camera",
            digest=digest,
            bytes=len(photo),
            media_type="video/webm",
            object_key=object_key(CaseId(validation_id), digest),
            duration_ms=1,
            source_ids=(source_id,),
            gaps=(),
            built_at=tx.now,
        )
        await locker.add_lane(tx, lane, WORKER)
    lines = {name: str(line_id) for name, line_id in watching.items()}
    return {"source_id": str(source_id), "lane_id": str(lane_id), **lines}
