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
from sessions.ids import AccountId, ParticipantId
from sessions.roster import store as roster
from sessions.roster.access import access_validation
from sessions.tour.rules import SourceKind
from sessions.tour.sources import open_source
from tests.http.house import account_record
from tests.parts import tus
from tests.parts.files import jpeg
from tests.parts.site import Site

OUTSIDERS = ("anonymous", "stranger", "other_guest", "unlisted_scss", "unlisted_reviewer", "operator")
WORKER = Actor(kind="system", id="worker", name="Worker")


async def let_outsiders_in(site: Site) -> None:
    """Add the outsiders that `settle_in` does not have; the case of the other company is theirs."""
    site.people["anonymous"] = await site.browser()
    for name, like in (("unlisted_scss", "lead"), ("unlisted_reviewer", "reviewer")):
        account = account_record(like).model_copy(
            update={"id": AccountId(uuid7()), "email": f"{name}@office.example", "name": name}
        )
        async with site.services.database.write() as tx:
            await roster.insert_account(tx, account)
            opened = await open_login(tx, Browser("127.0.0.1", name), way="link", account_id=account.id)
        site.people[name] = await site.browser()
        site.people[name].client.cookie_jar.update_cookies({"sightline_login": opened.token}, URL(site.url))
    await _other_case(site)


async def _other_case(site: Site) -> None:
    lead, ids = site.people["lead"], site.ids
    wish = {"member_id": ids["other_member"], "site_id": ids["other_site"], "method": "virtual"}
    validation = str((await lead.made("/validations", wish))["id"])
    starts = site.clock().strftime("%Y-%m-%dT%H:%M")
    plan = {"site_id": ids["other_site"], "starts_at_local": starts, "duration_min": 120, "recording": True}
    session = str((await lead.made(f"/validations/{validation}/sessions", plan))["id"])
    person = {"role": "camera_operator", "person_id": ids["other_person"]}
    guest = str((await lead.made(f"/validations/{validation}/participants", person))["id"])
    invited = await lead.made(f"/validation-sessions/{session}/invitations", {"participant_id": guest})
    site.people["other_guest"] = await site.browser()
    await site.people["other_guest"].made("/join", {"token": str(invited["link"]).partition("#")[2]})


async def fill_case(site: Site) -> dict[str, str]:
    """Let the live case have an item, an upload under way, an export, a source and a lane; return its path ids."""
    ids, contact = site.ids, site.people["contact"]
    photo = jpeg()
    item = await tus.upload(contact, ids["validation"], photo)
    under_way = await tus.create(contact, ids["validation"], b"begun")
    _, export = await site.people["lead"].post(f"/validations/{ids['validation']}/exports", None)
    digest = Digest(hashlib.sha256(photo).hexdigest())
    source_id, lane_id = SourceId(uuid7()), LaneId(uuid7())
    async with site.services.database.write() as tx:
        validation_id, session_id, guest = (UUID(ids[name]) for name in ("validation", "session", "guest"))
        access = await access_validation(tx, validation_id=validation_id, participant_id=ParticipantId(guest))
        await open_source(tx, access, session_id, source_id, SourceKind.CAMERA)
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
    return {
        "validation_id": ids["validation"],
        "validation_session_id": ids["session"],
        "invitation_id": ids["invitation"],
        "item_id": item.item,
        "upload_id": under_way.headers["Location"].rpartition("/")[2],
        "export_id": str(export["id"]),
        "source_id": str(source_id),
        "lane_id": str(lane_id),
        "peer_id": str(uuid4()),
        "seq": "0",
    }
