"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, checksum, expiration."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeVar

from aiohttp import web
from pydantic import ValidationError

from evidence.intake.errors import ChecksumUnsupported
from evidence.intake.rules import LIMIT_BYTES
from evidence.intake.staging import Checksum
from evidence.records import Record
from server.errors import RequestInvalid, TusVersionUnsupported
from server.http.problems import TUS_VERSION

TUS: Final = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
EXTENSIONS: Final = "creation,checksum,expiration,termination"
Shape = TypeVar("Shape", bound=Record)
DIGEST_BYTES: Final[Mapping[Literal["sha1", "sha256"], int]] = {"sha1": 20, "sha256": 32}
OFFERED: Final = TUS | {
    "Tus-Version": TUS_VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": str(max(LIMIT_BYTES.values())),
    "Tus-Checksum-Algorithm": ",".join(DIGEST_BYTES),
}
"""What an OPTIONS request is told."""
CHUNK: Final = "application/offset+octet-stream"
METADATA_LIMIT: Final = 8_000


def check_version(request: web.Request) -> None:
    """Refuse a request of another version, or without one. Raises: TusVersionUnsupported."""
    if request.headers.get("Tus-Resumable") != TUS_VERSION:
        raise TusVersionUnsupported


def read_count(request: web.Request, name: str) -> int:
    """Return a header that is a number of bytes. Raises: RequestInvalid."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:  # noqa: PLR2004  a petabyte has 16 digits
        raise RequestInvalid(((f"header.{name}", "a whole number of bytes is needed"),))
    return int(text)


def read_checksum(request: web.Request) -> Checksum | None:
    """Return the checksum of the request's bytes; None when the sender names none. Raises: ChecksumUnsupported."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    name, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        raise ChecksumUnsupported from None
    for algorithm, length in DIGEST_BYTES.items():
        if name == algorithm and len(digest) == length:
            return Checksum(algorithm, digest)
    raise ChecksumUnsupported


def read_metadata(header: str, shape: type[Shape]) -> Shape:
    """Return what `Upload-Metadata` says, as a record of `shape`. Raises: RequestInvalid."""
    pairs: dict[str, str] = {}
    if len(header) > METADATA_LIMIT:
        raise RequestInvalid((("header.Upload-Metadata", f"at most {METADATA_LIMIT} characters"),))
    try:
        for part in header.split(","):
            name, _, value = part.strip().partition(" ")
            pairs[name] = base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        raise RequestInvalid((("header.Upload-Metadata", "pairs of a name and a base64 value are needed"),)) from None
    try:
        return shape.model_validate_strings(pairs)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        found = tuple((".".join(("header.Upload-Metadata", *map(str, row["loc"]))), row["msg"]) for row in rows)
        raise RequestInvalid(found) from None


def http_date(moment: datetime) -> str:
    """Return a time in UTC as HTTP writes it (RFC 9110, 5.6.7)."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
