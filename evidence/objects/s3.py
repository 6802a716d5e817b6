"""The S3 store. The only module that knows boto3; provider errors leave it as the errors of `evidence.objects`."""

import asyncio
import hashlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody
from pydantic import SecretStr

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch, ObjectConflict, ObjectMissing, StoreUnavailable
from evidence.objects.keys import is_safe
from evidence.objects.port import CHUNK_BYTES, ObjectHead, Put
from evidence.objects.probe import LockProof
from evidence.records import Record

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

Found = TypeVar("Found")
PART_BYTES = 16 * 1024 * 1024
"""A longer file goes in parts of this size; S3 allows 10,000 parts, so a file may have 156 GiB."""
_EXISTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_BAD_DIGEST = frozenset({"BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest"})
_DIGEST = "sha256"
"""User metadata that carries the digest of an object put in parts, whose own checksum is one of parts."""


class S3Settings(Record):
    """Where the bucket is and the key to it."""

    endpoint: str | None
    region: str
    bucket: str
    access_key: SecretStr
    secret_key: SecretStr


class S3Store:
    """An `ObjectStore` in an S3 bucket.

    Every put carries `If-None-Match: *` and a SHA-256 that the store checks; our own hash is taken from the very bytes
    that are sent, because some stores accept both headers and honour neither (`evidence.objects.probe`).
    """

    def __init__(self, settings: S3Settings, *, executor: Executor) -> None:
        """Take the bucket and the bounded executor for store calls."""
        self.bucket = settings.bucket
        self.client = _make_client(settings)
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

    async def prove_lock(self, key: ObjectKey, body: bytes, *, until: datetime) -> LockProof:
        """Prove the lock as `ProvableStore.prove_lock` says."""
        return await self._run(partial(self._prove_lock, key, body, until))

    def close(self) -> None:
        """Close the connections to the store."""
        self.client.close()

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def _put(self, key: ObjectKey, path: Path, digest: Digest, media_type: str) -> Put:
        size = path.stat().st_size
        if size > PART_BYTES:
            return self._if_absent(key, size, partial(self._put_parts, key, path, digest, media_type))
        body = path.read_bytes()
        _check_digest(digest, hashlib.sha256(body).hexdigest())
        return self._if_absent(key, size, partial(self._put_whole, key, body, digest, media_type))

    def _put_body(self, key: ObjectKey, body: bytes, declared: Digest) -> Put:
        return self._if_absent(key, len(body), partial(self._put_whole, key, body, declared, "text/plain"))

    def _if_absent(self, key: ObjectKey, size: int, put: Callable[[], None]) -> Put:
        if not is_safe(key):
            raise ObjectMissing(key=key)
        try:
            with _named_errors(key):
                put()
        except _AlreadyThere:
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
            ChecksumSHA256=_base64(digest),
            Metadata={_DIGEST: digest},
        )

    def _put_parts(self, key: ObjectKey, path: Path, digest: Digest, media_type: str) -> None:
        begun = self.client.create_multipart_upload(
            Bucket=self.bucket,
            Key=key,
            ContentType=media_type,
            ChecksumAlgorithm="SHA256",
            Metadata={_DIGEST: digest},
        )
        completed = False
        try:
            parts = self._send_parts(key, begun["UploadId"], path, digest)
            self.client.complete_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                UploadId=begun["UploadId"],
                MultipartUpload={"Parts": parts},
                IfNoneMatch="*",
            )
            completed = True
        finally:
            if not completed:
                self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=begun["UploadId"])

    def _send_parts(self, key: ObjectKey, upload: str, path: Path, digest: Digest) -> "list[CompletedPartTypeDef]":
        whole, parts = hashlib.sha256(), list["CompletedPartTypeDef"]()
        with path.open("rb") as file:
            while body := file.read(PART_BYTES):
                whole.update(body)
                checksum = _base64(hashlib.sha256(body).hexdigest())
                sent = self.client.upload_part(
                    Bucket=self.bucket,
                    Key=key,
                    UploadId=upload,
                    PartNumber=len(parts) + 1,
                    Body=body,
                    ChecksumSHA256=checksum,
                )
                parts.append({"PartNumber": len(parts) + 1, "ETag": sent["ETag"], "ChecksumSHA256": checksum})
        _check_digest(digest, whole.hexdigest())
        return parts

    def _get(self, key: ObjectKey, span: str) -> StreamingBody | None:
        try:
            with _named_errors(key):
                return self.client.get_object(Bucket=self.bucket, Key=key, Range=span)["Body"]
        except _BeyondTheEnd:
            return None

    def _read(self, body: StreamingBody) -> bytes:
        with _named_errors(""):
            return body.read(CHUNK_BYTES)

    def _head(self, key: ObjectKey) -> ObjectHead:
        with _named_errors(key):
            found = self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        checksum = found.get("ChecksumSHA256", "")
        # 'abc=-3' is a checksum of three parts' checksums and says nothing about the bytes in one piece.
        digest = found["Metadata"].get(_DIGEST, "") if "-" in checksum or not checksum else b64decode(checksum).hex()
        return ObjectHead(bytes=found["ContentLength"], digest=digest)

    def _list(self, prefix: str, after: str) -> list[ObjectKey]:
        with _named_errors(prefix):
            page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, StartAfter=after)
        return [ObjectKey(found["Key"]) for found in page.get("Contents", [])]

    def _prove_lock(self, key: ObjectKey, body: bytes, until: datetime) -> LockProof:
        try:
            version = self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=body,
                ChecksumAlgorithm="SHA256",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            ).get("VersionId")
        except ClientError as error:
            return LockProof.NOT_PERMITTED if _is_forbidden(error) else LockProof.NOT_OFFERED
        if version is None:
            return LockProof.NOT_OFFERED
        try:
            self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
        except ClientError as error:
            if _is_forbidden(error):
                return LockProof.ENFORCED
            raise StoreUnavailable(reason=error.response["Error"]["Code"]) from error
        return LockProof.BROKEN


class _AlreadyThere(Exception):
    pass


class _BeyondTheEnd(Exception):
    pass


@contextmanager
def _named_errors(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _EXISTS:
            raise _AlreadyThere from None
        if code in _MISSING:
            raise ObjectMissing(key=key) from None
        if code in _BAD_DIGEST:
            raise DigestMismatch(expected=key.rpartition("/")[2], actual="") from None
        if code == "InvalidRange":
            raise _BeyondTheEnd from None
        raise StoreUnavailable(reason=code) from error
    except BotoCoreError as error:
        raise StoreUnavailable(reason=type(error).__name__) from error


def _is_forbidden(error: ClientError) -> bool:
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.FORBIDDEN


def _check_digest(expected: str, actual: str) -> None:
    if expected != actual:
        raise DigestMismatch(expected=expected, actual=actual)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()


def _make_client(settings: S3Settings) -> "S3Client":
    client: S3Client = boto3.client(
        "s3",
        endpoint_url=settings.endpoint,
        region_name=settings.region,
        aws_access_key_id=settings.access_key.get_secret_value(),
        aws_secret_access_key=settings.secret_key.get_secret_value(),
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=5,
            read_timeout=60,
            # A refused checksum is retried like a fault: two attempts keep a refusal quick.
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=16,
        ),
    )
    return client
