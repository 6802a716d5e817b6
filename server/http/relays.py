"""The relay's addresses with credentials: to the page by an operation of its own, to encoders in WHIP's answer."""

from datetime import timedelta

from aiohttp import web

from evidence.records import Instant, Record
from server.auth.logins import token_digest
from server.auth.relay import RelayCredential, relay_credential
from server.http.routing import Call, Operation

NOBODY = "nobody"
TOKEN_DIGITS = 32
"""How much of a media token's digest the relay is told; it opens nothing."""


class IceServer(Record):
    """One address of the relay with what opens it, as `RTCIceServer` wants it."""

    urls: str
    username: str
    credential: str


class IceServers(Record):
    """The relay's addresses, the best first; none when the deployment has no relay. Ask again before `expires_at`."""

    items: tuple[IceServer, ...]
    expires_at: Instant


async def get_ice_servers(call: Call) -> IceServers:
    """Return the relay with credentials of the signed-in person."""
    await call.services.limits.admit_relay(call.principal.login_id)
    return _servers(call)


def with_relays(call: Call, response: web.Response) -> web.Response:
    """Return the answer of WHIP or WHEP with a `Link` for each address of the relay (RFC 9725, 4.6)."""
    for one in _servers(call).items:
        fields = f'username="{one.username}"; credential="{one.credential}"; credential-type="password"'
        response.headers.add("Link", f'<{one.urls}>; rel="ice-server"; {fields}')
    return response


def _servers(call: Call) -> IceServers:
    settings = call.services.settings
    expires_at = call.services.clock() + timedelta(seconds=settings.turn_life_s)
    opens = relay_credential(settings.turn_secret.get_secret_value(), _holder(call), expires_at=expires_at)
    return IceServers(items=tuple(_server(url, opens) for url in settings.relays), expires_at=expires_at)


def _server(url: str, opens: RelayCredential) -> IceServer:
    return IceServer(urls=url, username=opens.username, credential=opens.password)


def _holder(call: Call) -> str:
    """Return an id and no name: the relay's log has it, and its quota counts by it."""
    if call.media_secret is not None:
        return token_digest(call.media_secret)[:TOKEN_DIGITS]
    visitor = call.visitor
    return NOBODY if visitor is None else str(visitor.participant_id or visitor.account_id)


OPERATIONS = (Operation("GET", "/api/ice", get_ice_servers, "Get the relay's addresses and credentials"),)
