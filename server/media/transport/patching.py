"""ICE fragments (RFC 8840, 9) in and out: more of the peer's candidates, which we do not need, or a restart."""

from server.media.errors import IceSessionChanged, OfferRefused
from server.media.transport.connection import Connection
from server.media.transport.ice import Host
from server.media.transport.sdp import candidate_line
from server.media.wire import ANY_ICE_SESSION, OfferFault, Patched

_UFRAG, _PASSWORD, _MEDIA, _MID = "a=ice-ufrag:", "a=ice-pwd:", "m=", "a=mid:"


def patch_ice(connection: Connection, addresses: tuple[Host, ...], fragment: str, if_match: str) -> Patched:
    """Take a fragment; other credentials than the peer's present ones restart its ICE.

    Raises: OfferRefused when it has no credentials; IceSessionChanged when another session is meant.
    """
    ufrag = _first(fragment, _UFRAG)
    if not ufrag or not _first(fragment, _PASSWORD):
        raise OfferRefused(reason=OfferFault.UNREADABLE)
    if if_match not in {ANY_ICE_SESSION, connection.ice.credentials.ufrag}:
        raise IceSessionChanged(etag=connection.ice.credentials.ufrag)
    if ufrag == connection.ice.remote_ufrag:
        return Patched(fragment=None, etag=connection.ice.credentials.ufrag)
    connection.restart(ufrag)
    return Patched(fragment=_written(connection, addresses, fragment), etag=connection.ice.credentials.ufrag)


def _written(connection: Connection, addresses: tuple[Host, ...], fragment: str) -> str:
    ice = connection.ice.credentials
    media = [line for line in fragment.splitlines() if line.startswith((_MEDIA, _MID))][:2]
    candidates = [candidate_line(number, address) for number, address in enumerate(addresses, 1)]
    lines = ["a=ice-lite", f"{_UFRAG}{ice.ufrag}", f"{_PASSWORD}{ice.password}", *media, *candidates]
    return "\r\n".join([*lines, "a=end-of-candidates", ""])


def _first(fragment: str, name: str) -> str:
    return next((line[len(name) :].strip() for line in fragment.splitlines() if line.startswith(name)), "")
