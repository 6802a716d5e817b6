"""A bundle as a BagIt 1.0 bag: its files in order, each hashed while it passes by, and the signature over all of them.

The signature covers the tag manifest, that covers the manifest and the pages, and that covers every file: so a changed
byte anywhere is found with the key alone. How files become a folder or a zip is in `writing`.
"""

import asyncio
import hashlib
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from evidence.export import verify
from evidence.export.contents import BagObject, ExportContents
from evidence.export.pages import index_page, summary_page
from evidence.export.readme import README
from evidence.ids import Digest, ObjectKey
from evidence.ledger.checkpoints import Signer, sign_note
from evidence.ledger.rules import header_bytes, timestamp
from evidence.ledger.store import SealedEntry
from evidence.objects.errors import DigestMismatch
from evidence.objects.port import ObjectStore
from evidence.records import Json

PIECE_BYTES = 1 << 20
Listed = dict[str, tuple[str, int]]
"""Digest and length of each file by its name."""
Given = ParamSpec("Given")
Made = TypeVar("Made")


class BagFile(NamedTuple):
    """A file of the bag. `pieces` is consumed before the next file is taken: its digest goes into a later one."""

    name: str
    pieces: AsyncIterator[bytes]


class Bag:
    """The files of one bundle, in the order they are written."""

    def __init__(self, contents: ExportContents, *, objects: ObjectStore, signer: Signer, cpu: Executor) -> None:
        self._contents = contents
        self._objects = objects
        self._signer = signer
        self._cpu = cpu
        self._payload: Listed = {}
        self._tags: Listed = {}

    async def files(self) -> AsyncIterator[BagFile]:
        """Iterate over the files: payload first, then what lists and describes it, then the signature.

        Raises: DigestMismatch when an object's bytes are not those the ledger names; ObjectMissing, StoreUnavailable.
        """
        for name, content in (await self._aside(_documents, self._contents)).items():
            yield await self._file(name, content, self._payload)
        for stored in (*self._contents.originals, *self._contents.recordings, *self._contents.derivatives):
            yield BagFile(stored.path, self._object(stored))
        for name, content in (await self._aside(_tag_files, self._contents, self._origin, self._payload)).items():
            yield await self._file(name, content, self._tags)
        tagmanifest = _manifest(self._tags)
        yield BagFile("tagmanifest-sha256.txt", _pieces(tagmanifest))
        sealed = f"sightline bundle\n{self._origin}\n{hashlib.sha256(tagmanifest).hexdigest()}\n"
        yield BagFile("signature.txt", _pieces(sign_note(sealed, self._signer).encode()))

    @property
    def _origin(self) -> str:
        return self._contents.ledger.checkpoint.note.split("\n", 1)[0]

    async def _aside(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._cpu, partial(work, *given, **named))

    async def _file(self, name: str, content: bytes, listed: Listed) -> BagFile:
        listed[name] = await self._aside(_digest, content), len(content)
        return BagFile(name, _pieces(content))

    async def _object(self, stored: BagObject) -> AsyncIterator[bytes]:
        hashed, count = hashlib.sha256(), 0
        async for piece in self._objects.open_range(ObjectKey(stored.object_key)):
            await self._aside(hashed.update, piece)
            count += len(piece)
            yield piece
        if hashed.hexdigest() != stored.digest:
            raise DigestMismatch(expected=Digest(stored.digest), actual=Digest(hashed.hexdigest()))
        self._payload[stored.path] = stored.digest, count


def _tag_files(contents: ExportContents, origin: str, payload: Listed) -> dict[str, bytes]:
    about = {
        "Source-Organization": contents.organization,
        "External-Description": contents.summary.title,
        "External-Identifier": f"urn:uuid:{contents.export_id}",
        "Bagging-Date": timestamp(contents.made_at)[:10],
        "Payload-Oxum": f"{sum(count for _, count in payload.values())}.{len(payload)}",
        "Bag-Software-Agent": "Sightline",
        "Internal-Sender-Identifier": origin,
    }
    return {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in about.items()).encode(),
        "manifest-sha256.txt": _manifest(payload),
        "README.txt": README.encode(),
        "index.html": index_page(contents).encode(),
        "summary.html": summary_page(contents).encode(),
        "verify.py": Path(verify.__file__).read_bytes(),
    }


def _documents(contents: ExportContents) -> dict[str, bytes]:
    ledger = contents.ledger
    listed = {kind: _listed(getattr(contents, kind)) for kind in ("originals", "recordings", "derivatives")}
    return {
        "data/ledger/headers.jsonl": b"".join(header_bytes(entry.header) + b"\n" for entry in ledger.entries),
        "data/ledger/bodies.jsonl": b"".join(map(_body_line, ledger.entries)),
        "data/ledger/checkpoint.txt": ledger.checkpoint.note.encode(),
        "data/ledger/earlier-checkpoints.jsonl": b"".join(
            _line({"note": one.checkpoint.note, "path": list(one.growth.path)}) for one in ledger.earlier
        ),
        "data/ledger/inclusion.jsonl": b"".join(
            _line({"seq": proof.seq, "path": list(proof.path)}) for proof in ledger.inclusion
        ),
        "data/case/evidence.json": _document(listed),
        **{f"data/case/{name}.json": _document(content) for name, content in contents.case_files.items()},
    }


def _listed(stored: tuple[BagObject, ...]) -> list[Json]:
    return [one.model_dump(mode="json", exclude={"object_key"}) for one in stored]


def _body_line(entry: SealedEntry) -> bytes:
    if entry.salt is None or entry.body is None:
        return b""
    salt, body = (b64encode(part).decode() for part in (entry.salt, entry.body))
    return _line({"seq": entry.header.seq, "salt": salt, "body": body})


def _line(value: dict[str, Json]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _document(value: Json | dict[str, list[Json]]) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(listed: Listed) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, (digest, _) in sorted(listed.items())).encode()


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]
