"""Photos of a camera on a thin line: from its page to the pages of those in the room, and nowhere else."""

from dataclasses import dataclass
from uuid import UUID

from evidence.ids import SourceId
from evidence.records import Json
from server.auth.principal import Principal
from server.auth.visits import access_of
from server.errors import UnsupportedMediaType
from server.live.messages import Photo
from server.services import Services
from sessions.errors import SourceNotFound
from sessions.tour.sources import photo_viewers


@dataclass(frozen=True)
class Passage:
    """A photo on its way: whose pages get it, as the names of their seats, and what they get."""

    seats: tuple[str, ...]
    message: dict[str, Json | bytes]


def seat_name(validation_session_id: UUID, participant_id: UUID) -> str:
    """Return the name under which the pages of one person in one session are reached."""
    return f"{validation_session_id}/{participant_id}"


async def pass_on(services: Services, principal: Principal, photo: Photo) -> Passage:
    """Return what becomes of a photo.

    Raises: UnsupportedMediaType when it is no picture; ValidationNotFound; TooManyRequests when the camera's last one
        was passed on just now, whatever page it came from; and as `photo_viewers`.
    """
    if not is_picture(photo.data):
        raise UnsupportedMediaType
    async with services.database.read() as tx:
        access = await access_of(tx, principal, photo.validation_id)
        source, viewers = await photo_viewers(tx, access, SourceId(photo.source_id))
    if source.validation_id != photo.validation_id:
        raise SourceNotFound
    await services.limits.admit_photo(photo.source_id)
    told: dict[str, Json | bytes] = {**photo.model_dump(mode="json", exclude={"data"}), "data": photo.data}
    return Passage(tuple(seat_name(source.validation_session_id, viewer) for viewer in viewers), told)


def is_picture(data: bytes) -> bool:
    """Say whether bytes begin as JPEG or WebP does; the page decodes them, as any image."""
    return data[:3] == b"\xff\xd8\xff" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
