"""The S3 store: puts, reads and lists. Locks and deletion are in `s3_custody`, with a key of their own."""

import asyncio
import hashlib
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from botocore.response import StreamingBody

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch, ObjectConflict, ObjectMissing
from evidence.objects.keys import is_safe
from evidence.objects.port import CHUNK_BYTES, ObjectHead, Put
from evidence.objects.s3_connection import (
    AlreadyThere,
    BeyondTheEnd,
    S3Settings,
    UploadGone,
    base64_of,
    make_client,
    named_errors,
)
from evidence.objects.s3_uploads import DIGEST_MARK, PART_BYTES, PartUploads

Found = TypeVar("Found")


class S3Store:
    """An `ObjectStore` in an S3 bucket.

    Every put carries `If-None-Match: *` and a SHA-256 that the store checks; our own hash is taken from the very bytes
    that are sent, because some stores accept both headers and honour neither (`evidence.objects.probe`).
    """

    def __init__(self, settings: S3Settings, *, executor: Executor) -> None:
        """Take the bucket and the bounded executor for store calls."""
        self.bucket = settings.bucket
        self.client = make_client(settings)
        self._uploads = PartUploads(self.client, settings.bucket)
        self._executor = executor

    async def put_file(self, key: ObjectKey, path: Path, *, digest: Digest, media_type: str) -> Put:
        """Store the file's bytes as `ObjectStore.put_file` says; up to 16 MiB in one request."""
        return await self._run(partial(self._put, key, path, digest, media_type))

    async def open_range(self, key: ObjectKey, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes as `ObjectStore.open_range` says, one request for the whole range."""
        if end is not None and end <= start:
            return
        last = "" if end is None else str(end - 1)
        found = await self._run(partial(self._get, key, f"bytes={start}-{last}"))
        if found is None:
            return
        try:
            while chunk := await self._run(partial(self._read, found)):
                yield chunk
        finally:
            found.close()

    async def head(self, key: ObjectKey) -> ObjectHead:
        """Return length and digest as the store tells them."""
        return await self._run(partial(self._head, key))

    async def list_keys(self, prefix: str) -> AsyncIterator[ObjectKey]:
        """Iterate over the keys as `ObjectStore.list_keys` says, up to 1,000 a request."""
        after = ""
        while page := await self._run(partial(self._list, prefix, after)):
            for key in page:
                yield key
            after = page[-1]

    async def put_unchecked(self, key: ObjectKey, body: bytes, *, declared: Digest) -> Put:
        """Put as `ProvableStore.put_unchecked` says: the only check left is the store's own."""
        return await self._run(partial(self._put_body, key, body, declared))

    async def clear_unfinished(self, before: datetime) -> int:
        """Abort the uploads in parts that nobody went on with, as `ObjectStore.clear_unfinished` says."""
        return await self._run(partial(self._uploads.abort_older, before))

    def close(self) -> None:
        """Close the connections to the store."""
        self.client.close()

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def _put(self, key: ObjectKey, path: Path, digest: Digest, media_type: str) -> Put:
        size = path.stat().st_size
        if size > PART_BYTES:
            # Before the first part, so that whoever shares an upload under a key sends the same bytes.
            with path.open("rb") as file:
                _check_digest(digest, hashlib.file_digest(file, "sha256").hexdigest())
            return self._if_absent(key, size, partial(self._uploads.put, key, path, digest, media_type))
        body = path.read_bytes()
        _check_digest(digest, hashlib.sha256(body).hexdigest())
        return self._if_absent(key, size, partial(self._put_whole, key, body, digest, media_type))

    def _put_body(self, key: ObjectKey, body: bytes, declared: Digest) -> Put:
        return self._if_absent(key, len(body), partial(self._put_whole, key, body, declared, "text/plain"))

    def _if_absent(self, key: ObjectKey, size: int, put: Callable[[], None]) -> Put:
        if not is_safe(key):
            raise ObjectMissing(key=key)
        try:
            with named_errors(key):
                put()
        except (AlreadyThere, UploadGone):
            stored_bytes = self._head(key).bytes
            if stored_bytes != size:
                raise ObjectConflict(key=key, stored_bytes=stored_bytes, offered_bytes=size) from None
            return Put.ALREADY_THERE
        return Put.CREATED

    def _put_whole(self, key: ObjectKey, body: bytes, digest: Digest, media_type: str) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=body,
            ContentType=media_type,
            IfNoneMatch="*",
            ChecksumSHA256=base64_of(digest),
            Metadata={DIGEST_MARK: digest},
        )

    def _get(self, key: ObjectKey, span: str) -> StreamingBody | None:
        try:
            with named_errors(key):
                return self.client.get_object(Bucket=self.bucket, Key=key, Range=span)["Body"]
        except BeyondTheEnd:
            return None

    def _read(self, body: StreamingBody) -> bytes:
        with named_errors(""):
            return body.read(CHUNK_BYTES)

    def _head(self, key: ObjectKey) -> ObjectHead:
        with named_errors(key):
            found = self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        checksum = found.get("ChecksumSHA256", "")
        # 'abc=-3' is a checksum of three parts' checksums and says nothing about the bytes in one piece.
        is_whole = checksum and "-" not in checksum
        digest = b64decode(checksum).hex() if is_whole else found["Metadata"].get(DIGEST_MARK, "")
        return ObjectHead(bytes=found["ContentLength"], digest=digest)

    def _list(self, prefix: str, after: str) -> list[ObjectKey]:
        with named_errors(prefix):
            page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, StartAfter=after)
        return [ObjectKey(found["Key"]) for found in page.get("Contents", [])]


def _check_digest(expected: str, actual: str) -> None:
    if expected != actual:
        raise DigestMismatch(expected=expected, actual=actual)
