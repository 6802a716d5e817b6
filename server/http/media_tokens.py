"""Media tokens of a session: made, shown once, listed, and withdrawn with all they carry."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from evidence.ids import uuid7
from evidence.records import WHOLE, Instant, Name, Record
from server.auth.logins import token_digest
from server.auth.media_tokens import new_media_secret
from server.auth.visits import access_of, access_session_of
from server.http.paths import SessionPath
from server.http.routing import Call, Operation
from server.live.enforcement import enforce
from sessions.errors import TokenNotFound
from sessions.ids import TokenId
from sessions.roster.store import list_participants
from sessions.tour import tokens
from sessions.tour.records import MediaToken
from sessions.tour.rules import SourceType
from sessions.tour.store import lock_token

EquipmentName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One printable line, short enough for a tile."""
Hours = Annotated[int, Field(strict=True, ge=1, le=24), WHOLE]
"""How long after the planned end of the session a token works."""


class TokenPath(Record):
    """One media token."""

    token_id: UUID


class NewMediaToken(Record):
    """A token to be: for equipment of the type that sends, or, without a type, for a player that watches."""

    name: EquipmentName
    source_type: SourceType | None = None
    hours: Hours = 4


class MediaTokenView(Record):
    """One media token and what became of it; its secret is nowhere."""

    id: TokenId
    name: Name
    source_type: SourceType | None
    made_by: str
    made_at: Instant
    expires_at: Instant
    first_used_at: Instant | None
    last_used_at: Instant | None
    revoked_at: Instant | None


class MediaTokenList(Record):
    """Media tokens in the order they were made."""

    items: tuple[MediaTokenView, ...]


class MediaTokenMade(Record):
    """A new media token: where its equipment connects, and the bearer token, which is shown this once."""

    token: MediaTokenView
    url: str
    secret: str


async def create_media_token(call: Call, *, path: SessionPath, body: NewMediaToken) -> MediaTokenMade:
    """Let an encoder or a player into the session on behalf of who asks."""
    secret, session_id = new_media_secret(), path.validation_session_id
    async with call.services.database.write() as tx:
        access, _ = await access_session_of(tx, call.principal, session_id)
        token = await tokens.make_token(
            tx, access, session_id, token_id=TokenId(uuid7()), digest=token_digest(secret), **dict(body)
        )
    door = f"whep/sessions/{session_id}" if token.source_type is None else f"whip/{session_id}"
    url = f"{call.services.settings.origin}/api/{door}"
    return MediaTokenMade(token=_view(token, access.name), url=url, secret=secret)


async def list_media_tokens(call: Call, *, path: SessionPath) -> MediaTokenList:
    """List the media tokens of the session: all to who holds its door, else one's own."""
    async with call.services.database.read() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        made = await tokens.list_tokens(tx, access, session.id)
        names = {person.id: person.name for person in await list_participants(tx, access.validation_id)}
    return MediaTokenList(items=tuple(_view(token, names[token.participant_id]) for token in made))


async def revoke_media_token(call: Call, *, path: TokenPath) -> None:
    """Withdraw a media token: what it sends and watches ends at once."""
    async with call.services.database.write() as tx:
        token = await lock_token(tx, path.token_id)
        access = await access_of(tx, call.principal, token.validation_id, absent=TokenNotFound())
        await tokens.revoke_token(tx, access, token.id)
    await enforce(call.services)


def _view(token: MediaToken, made_by: str) -> MediaTokenView:
    kept = token.model_dump(include=set(MediaTokenView.model_fields))
    return MediaTokenView(made_by=made_by, **kept)


_TOKENS = "/api/validation-sessions/{validation_session_id}/media-tokens"
OPERATIONS = (
    Operation("GET", _TOKENS, list_media_tokens, "Media tokens of a session"),
    Operation("POST", _TOKENS, create_media_token, "Make a media token", status=201),
    Operation("DELETE", "/api/media-tokens/{token_id}", revoke_media_token, "Withdraw a media token"),
)
