"""Every operation of the API: a complete request, who may send it, and what they are told in each phase of the case.

Who may is from domain.md part 4 and design.md parts 1, 2, 6 and 7, written down by hand and not taken from the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evidence.records import Json
from tests.parts.everybody import (
    COMPANY,
    EVERYBODY,
    EVIDENCE,
    GOVERNMENT,
    INSIDERS,
    PHASES,
    SEATED,
    SPECIALISTS,
    WITH_ACCOUNT,
)

Told = dict[str, str]
"""The code of the refusal by phase, for those who may; a phase that is not named is a success."""
OPEN: Final[Told] = {"closed": "wrong_phase"}
PLANNED: Final[Told] = dict.fromkeys(("live", "ended", "closed"), "wrong_phase")
AHEAD: Final[Told] = dict.fromkeys(("ended", "closed"), "wrong_phase")
LIVE: Final[Told] = dict.fromkeys(("planned", "ended", "closed"), "wrong_phase")


GONE_AFTER: Final[Told] = dict.fromkeys(("planned", "ended", "closed"), "not_found") | {"live": "media_unavailable"}


def always(code: str) -> Told:
    """Return that a request is refused with the code in every phase, for it names what is not there."""
    return dict.fromkeys(PHASES, code)


@dataclass(frozen=True)
class Request:
    """What makes a request to an operation complete, so that only person and phase can be what is wrong with it."""

    may: frozenset[str]
    told: Told = field(default_factory=dict)
    body: Mapping[str, Json] | None = None
    raw: bytes | None = None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    spare: bool = False
    """Whether it uses up a planned session, and so gets one of its own each time."""
    own_case: bool = False
    """Whether it uses up a case, and so gets one of its own each time."""
    held: bool | None = None
    """Whether the item is put under a hold, or freed of one, before each time."""


OFFER: Final = b"v=0\r\n"
FRAGMENT: Final = b"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
RESTART: Final = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*"}
SDP: Final = {"Content-Type": "application/sdp"}
TUS: Final = {"Tus-Resumable": "1.0.0"}
OFFSET: Final = TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
CONTACT: Final = frozenset({"contact"})
CHIEFS: Final = frozenset({"chief", "supervisor"})
BECAUSE: Final[dict[str, Json]] = {"reason": "Nobody came."}
NEW_TIME: Final[dict[str, Json]] = {"starts_at_local": "2089-11-30T09:00", "duration_min": 60}
_VALIDATION: Final = "/api/validations/{validation_id}"
_SESSION: Final = "/api/validation-sessions/{validation_session_id}"
OF_A_CASE: Final[Mapping[str, Request]] = {
    f"GET {_VALIDATION}": Request(INSIDERS),
    f"GET {_VALIDATION}/criteria": Request(INSIDERS),
    f"GET {_VALIDATION}/snapshot": Request(INSIDERS),
    f"GET {_VALIDATION}/entries": Request(INSIDERS),
    f"GET {_VALIDATION}/checkpoints": Request(INSIDERS),
    f"GET {_VALIDATION}/proofs/{{seq}}": Request(INSIDERS, query="size=1"),
    f"GET {_VALIDATION}/growth": Request(INSIDERS, query="first=1&size=1"),
    f"GET {_VALIDATION}/receipt": Request(GOVERNMENT | CONTACT),
    f"GET {_VALIDATION}/access-log": Request(GOVERNMENT),
    f"GET {_VALIDATION}/items": Request(EVIDENCE),
    "GET /api/items/{item_id}": Request(EVIDENCE),
    "GET /api/items/{item_id}/content": Request(EVIDENCE),
    "GET /api/items/{item_id}/pages/{page}": Request(EVIDENCE),
    "GET /api/items/{item_id}/thumbnail": Request(EVIDENCE),
    "POST /api/items/{item_id}/hold": Request(SPECIALISTS | CHIEFS, body=BECAUSE, held=False),
    "POST /api/items/{item_id}/lift": Request(SPECIALISTS | CHIEFS, body=BECAUSE, held=True),
    "POST /api/items/{item_id}/release": Request(CHIEFS | {"lead"}, always("custody_conflict"), BECAUSE, held=True),
    "POST /api/items/{item_id}/disposal": Request(CHIEFS | {"lead"}, always("custody_conflict"), BECAUSE, held=True),
    f"GET {_VALIDATION}/recordings": Request(EVIDENCE),
    "GET /api/recordings/{lane_id}/content": Request(EVIDENCE, {"planned": "lane_not_found"}),
    f"GET {_VALIDATION}/exports": Request(GOVERNMENT),
    "GET /api/exports/{export_id}": Request(GOVERNMENT),
    "GET /api/exports/{export_id}/content": Request(GOVERNMENT),
    f"GET {_SESSION}/invitations": Request(SPECIALISTS),
    "HEAD /api/uploads/{upload_id}": Request(CONTACT, headers=TUS),
    f"POST {_VALIDATION}/views": Request(INSIDERS, body={"subject": "ledger"}),
    f"POST {_VALIDATION}/exports": Request(GOVERNMENT),
    f"POST {_VALIDATION}/close": Request(
        frozenset({"lead", "chief", "supervisor"}), {"live": "wrong_phase"} | OPEN, BECAUSE, own_case=True
    ),
    f"POST {_VALIDATION}/participants": Request(
        SPECIALISTS,
        dict.fromkeys(PHASES, "already_participant") | OPEN,
        {"role": "member_expert", "person_id": "<person>"},
    ),
    f"POST {_VALIDATION}/sessions": Request(SPECIALISTS, OPEN, NEW_TIME | {"site_id": "<site>", "recording": True}),
    f"POST {_VALIDATION}/commands": Request(
        SPECIALISTS,
        dict.fromkeys(PHASES, "request_not_found") | OPEN,
        {"type": "request.close", "request_id": "<new>", "command_id": "<new>"},
    ),
    f"POST {_SESSION}/reschedule": Request(SPECIALISTS, PLANNED, NEW_TIME | {"reason": "Rain."}),
    f"POST {_SESSION}/cancel": Request(SPECIALISTS, PLANNED, BECAUSE, spare=True),
    f"POST {_SESSION}/no-show": Request(SPECIALISTS, PLANNED, BECAUSE, spare=True),
    f"GET {_SESSION}/media-tokens": Request(SPECIALISTS | CONTACT),
    f"POST {_SESSION}/media-tokens": Request(
        SPECIALISTS | CONTACT, AHEAD, {"name": "<new>", "source_type": "fixed_camera"}
    ),
    f"POST {_SESSION}/invitations": Request(SPECIALISTS, AHEAD, {"participant_id": "<guest>"}),
    f"POST {_SESSION}/server-stills": Request(
        SPECIALISTS,
        {"planned": "still_not_found", "live": "media_unavailable", "ended": "source_unknown", "closed": "wrong_phase"},
        {"still_id": "<still>"},
    ),
    f"POST {_SESSION}/line-tests": Request(SEATED, AHEAD, {"direct": True}),
    "POST /api/uploads": Request(
        SPECIALISTS | COMPANY, OPEN, headers=TUS | {"Upload-Length": "5", "Upload-Metadata": "<metadata>"}
    ),
    "PATCH /api/uploads/{upload_id}": Request(CONTACT, OPEN, raw=b"b", headers=OFFSET),
    "POST /api/uploads/{upload_id}": Request(
        CONTACT, OPEN, raw=b"", headers=OFFSET | {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "1"}
    ),
    "POST /api/whip/{validation_session_id}": Request(
        SPECIALISTS | COMPANY, LIVE | {"live": "media_unavailable"}, raw=OFFER, headers=SDP
    ),
    "PATCH /api/whip/{validation_session_id}/{source_id}": Request(
        frozenset({"phone"}),
        always("source_not_found") | {"live": "media_unavailable"},
        raw=FRAGMENT,
        headers=RESTART,
    ),
    "POST /api/whep/sessions/{validation_session_id}": Request(
        SEATED,
        {"planned": "not_admitted", "live": "media_unavailable", "ended": "wrong_phase", "closed": "not_admitted"},
        raw=OFFER,
        headers=SDP,
    ),
    "POST /api/whep/rooms/{validation_session_id}": Request(
        SEATED,
        {"planned": "not_admitted", "live": "media_unavailable", "ended": "wrong_phase", "closed": "not_admitted"},
        raw=OFFER,
        headers=SDP,
    ),
    "PUT /api/whep/rooms/{validation_session_id}/{viewer_id}/slots": Request(
        frozenset({"lead"}), GONE_AFTER, {"sources": [None]}
    ),
    "PATCH /api/whep/rooms/{validation_session_id}/{viewer_id}": Request(
        frozenset({"lead"}), GONE_AFTER, raw=FRAGMENT, headers=RESTART
    ),
    "DELETE /api/whep/rooms/{validation_session_id}/{viewer_id}": Request(frozenset({"lead"}), GONE_AFTER),
    "POST /api/whep/{source_id}": Request(
        SEATED, always("source_not_found") | {"live": "media_unavailable"}, raw=OFFER, headers=SDP
    ),
    "PATCH /api/whep/{source_id}/{peer_id}": Request(
        frozenset({"lead"}),
        {"planned": "source_not_found", "live": "media_unavailable", "ended": "not_found", "closed": "not_found"},
        raw=FRAGMENT,
        headers=RESTART,
    ),
    "DELETE /api/whep/{source_id}/{peer_id}": Request(
        frozenset({"lead"}),
        {"planned": "source_not_found", "live": "media_unavailable", "ended": "not_found", "closed": "not_found"},
    ),
    "DELETE /api/whip/{validation_session_id}/{source_id}": Request(
        frozenset({"phone"}), always("source_not_found") | {"live": "media_unavailable"}
    ),
    "DELETE /api/media-tokens/{token_id}": Request(SPECIALISTS | CONTACT),
    "DELETE /api/uploads/{upload_id}": Request(CONTACT, headers=TUS),
    "DELETE /api/invitations/{invitation_id}": Request(SPECIALISTS),
}
"""Operations whose path or body names a case, or a thing of one; what ends something is last."""

NOBODY: Final[frozenset[str]] = frozenset()
SIGNED_IN: Final = frozenset(EVERYBODY) - {"anonymous"}
IN_CHARGE: Final = frozenset({"supervisor", "chief"})
SCSS: Final = SPECIALISTS | {"unlisted_scss"} | IN_CHARGE
REVIEWERS: Final = frozenset({"reviewer", "unlisted_reviewer", "office_observer"})
OF_NO_CASE: Final[Mapping[str, Request]] = {
    "OPTIONS /api/uploads": Request(frozenset(EVERYBODY)),
    "POST /api/login": Request(NOBODY, body={"email": "<new>@office.example", "password": "wrong"}),
    "POST /api/login/link": Request(NOBODY, body={"token": "wrong"}),
    "POST /api/join": Request(NOBODY, body={"token": "wrong"}),
    "GET /api/me": Request(SIGNED_IN),
    "GET /api/logins": Request(SIGNED_IN),
    "DELETE /api/logins/{login_id}": Request(NOBODY),
    "PUT /api/me/password": Request(WITH_ACCOUNT - {"supervisor"}, body={"password": "a short way to gate 1"}),
    "GET /api/accounts": Request(SCSS | {"operator"}),
    "POST /api/accounts": Request(
        IN_CHARGE | {"operator"}, body={"email": "<new>@office.example", "name": "New", "office_role": "scss"}
    ),
    "GET /api/members": Request(WITH_ACCOUNT - {"operator"}),
    "POST /api/members": Request(SCSS, body={"name": "New", "entity_types": ["importer"]}),
    "GET /api/members/{member_id}": Request(SCSS | REVIEWERS | {"contact", "expert"}),
    "POST /api/members/{member_id}/sites": Request(
        SCSS, body={"name": "Plant", "address": "Road 1", "country": "MX", "time_zone": "America/Monterrey"}
    ),
    "POST /api/members/{member_id}/people": Request(
        SCSS, body={"name": "New", "email": "new@member.example", "language": "en"}
    ),
    "GET /api/worklist": Request(WITH_ACCOUNT),
    "GET /api/validations": Request(WITH_ACCOUNT),
    "POST /api/validations": Request(
        SCSS,
        body={"member_id": "<member>", "site_id": "<site>", "method": "virtual", "lead_account_id": "<lead>"},
    ),
    "POST /api/editions/{edition_id}/texts": Request(
        IN_CHARGE,
        always("edition_not_found"),
        raw=b"criterion,text\n",
        headers={"Content-Type": "text/csv"},
    ),
    "GET /api/ice": Request(SIGNED_IN),
    "GET /api/store": Request(SIGNED_IN),
    "POST /api/probes": Request(SIGNED_IN, always("media_unavailable"), raw=OFFER, headers=SDP),
    "DELETE /api/login": Request(SIGNED_IN),
}
"""Operations without a case; a member id is the case's company's. The supervisor has a password already."""
