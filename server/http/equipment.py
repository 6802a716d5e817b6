"""Who publishes or watches: a signed-in person, or equipment with a media token on behalf of who made it."""

from typing import NamedTuple
from uuid import UUID

from evidence.ids import SourceId
from evidence.ledger.transaction import Transaction
from server.auth.logins import token_digest
from server.auth.visits import access_of
from server.errors import NotSignedIn
from server.http.routing import Call
from server.http.security import client_address
from server.live.store import bind_to_login
from sessions.errors import SourceNotFound
from sessions.ids import TokenId
from sessions.roster.access import Access
from sessions.schedule.store import validation_of_session
from sessions.tour import rules, store
from sessions.tour.interruption_store import is_silent
from sessions.tour.records import Feed, MediaToken, Source
from sessions.tour.rules import SourceKind
from sessions.tour.sources import close_source, own_feed, own_source
from sessions.tour.tokens import access_of_token, note_use


class Peer(NamedTuple):
    """Who asks, and the token they ask with; None for who is signed in."""

    access: Access
    token: MediaToken | None

    @property
    def token_id(self) -> TokenId | None:
        """The id of the token."""
        return None if self.token is None else self.token.id


async def admit_media(call: Call) -> None:
    """Count a media token that is used; one that opens nothing counts against the address it comes from.

    Raises: NotSignedIn; TooManyRequests.
    """
    if call.media_secret is None:
        return
    async with call.services.database.read() as tx:
        token = await _living(tx, call.media_secret)
    if token is None:
        await call.services.limits.admit_wrong_token(address=client_address(call.request))
        raise NotSignedIn
    await call.services.limits.admit_media(token.id)


async def _living(tx: Transaction, secret: str) -> MediaToken | None:
    token = await store.find_token(tx, token_digest(secret))
    return token if token is not None and token.lives(tx.now) else None


async def sender_of(
    tx: Transaction, call: Call, validation_session_id: UUID, kind: SourceKind | None
) -> tuple[Peer, Feed]:
    """Return who publishes into the session, and what.

    Args: kind: what they say it is; a person's own page that says nothing sends a camera.
    Raises: NotSignedIn; TokenOutOfScope; ValidationNotFound.
    """
    peer = await _peer_of(tx, call, await validation_of_session(tx, validation_session_id))
    if peer.token is None:
        own = kind or SourceKind.CAMERA
        return peer, own_feed(own)
    token = peer.token
    same = token.validation_session_id == validation_session_id
    source_type = rules.check_scope_to_send(token.source_type, same_session=same, kind=kind)
    named = Feed(kind=rules.kind_of(source_type), source_type=source_type, name=token.name, token_id=token.id)
    return peer, named


async def viewer_of(
    tx: Transaction,
    call: Call,
    validation_id: UUID,
    validation_session_id: UUID,
    *,
    absent: Exception | None = None,
) -> Peer:
    """Return who watches in the session. Raises: NotSignedIn; TokenOutOfScope; ValidationNotFound, or `absent`."""
    peer = await _peer_of(tx, call, validation_id, absent=absent)
    if peer.token is not None:
        same = peer.token.validation_session_id == validation_session_id
        rules.check_scope_to_watch(peer.token.source_type, same_session=same)
    return peer


async def _peer_of(tx: Transaction, call: Call, validation_id: UUID, *, absent: Exception | None = None) -> Peer:
    if call.media_secret is None:
        return Peer(await access_of(tx, call.principal, validation_id, absent=absent), None)
    token = await _living(tx, call.media_secret)
    if token is None:
        raise NotSignedIn
    return Peer(await access_of_token(tx, token), token)


async def own_publication(
    tx: Transaction, call: Call, validation_session_id: UUID, source_id: UUID
) -> tuple[Peer, Source]:
    """Return who asks and their own source; a token has only what it sent itself.

    Raises: NotSignedIn; TokenOutOfScope; ValidationNotFound; SourceNotFound.
    """
    peer, _ = await sender_of(tx, call, validation_session_id, None)
    source = await own_source(tx, peer.access, SourceId(source_id))
    if peer.token is not None and source.token_id != peer.token.id:
        raise SourceNotFound
    return peer, source


async def bind_line(tx: Transaction, call: Call, peer: Peer, line_id: UUID) -> None:
    """Let a source or viewer end with the login or the token that opened it. Raises NotSignedIn when that is over."""
    if peer.token is None:
        await bind_to_login(tx, line_id, call.principal.login_id)
    elif not await note_use(tx, peer.access, peer.token.id):
        raise NotSignedIn


async def end_broken(call: Call, peer: Peer) -> None:
    """End what a token sent over a line that is broken, so that its equipment may come back before that is given up.

    What still arrives is left alone: a token that was copied cannot put itself in the place of the camera.
    """
    token = peer.token
    if token is None:
        return
    async with call.services.database.write() as tx:
        sending = await store.list_open_sources(tx, token.validation_session_id, token_id=token.id)
        broken = [one.id for one in sending if await is_silent(tx, one.id)]
        for source_id in broken:
            await close_source(tx, source_id, reason="replaced")
    for source_id in broken:
        await call.services.media.unpublish(source_id, reason="replaced")
