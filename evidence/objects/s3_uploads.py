"""Uploads in parts to an S3 bucket: begun once for a key, and gone on with by whoever comes after a crash."""

import hashlib
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import ObjectMissing
from evidence.objects.s3_connection import AlreadyThere, UploadGone, base64_of, named_errors

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES: Final = 16 * 1024 * 1024
"""A longer file goes in parts of this size; S3 allows 10,000 parts, so a file may have 156 GiB."""
DIGEST_MARK: Final = "sha256"
"""User metadata that carries the digest of an object put in parts, whose own checksum is one of parts."""
_TRIES = 3
"""How often an upload that others ended is begun anew; each of them ends it by completing the very same object."""


class PartUploads:
    """Unfinished uploads of one bucket. Every method blocks, so it is called in the store's executor."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        """Take the client and the bucket."""
        self._client = client
        self._bucket = bucket
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[ObjectKey, threading.Lock] = WeakValueDictionary()

    def put(self, key: ObjectKey, path: Path, digest: Digest, media_type: str) -> None:
        """Put a file whose digest was checked before, going on where an earlier upload of the key ended.

        Writers of one process take turns at a key: not every store looks for the object and makes it in one step when
        an upload in parts ends. Those of two processes may share one, and under one key they send the same bytes.

        Raises: UploadGone when others end it each time; the errors of `named_errors`.
        """
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            self._refuse_if_there(key)
            self._put(key, path, digest, media_type)

    def _put(self, key: ObjectKey, path: Path, digest: Digest, media_type: str) -> None:
        for left in reversed(range(_TRIES)):
            upload = self._find(key) or self._begin(key, digest, media_type)
            try:
                return self._finish(key, upload, path)
            except AlreadyThere:
                self._abort(key, upload)
                raise
            except UploadGone:
                self._refuse_if_there(key)
                if not left:
                    raise
        return None

    def abort_older(self, before: datetime) -> int:
        """Abort the uploads begun before a moment; returns how many there were."""
        with named_errors(""):
            listed = self._client.list_multipart_uploads(Bucket=self._bucket).get("Uploads", [])
            old = [one for one in listed if one["Initiated"] < before]
        for one in old:
            self._abort(ObjectKey(one["Key"]), one["UploadId"])
        return len(old)

    def _abort(self, key: ObjectKey, upload: str) -> None:
        with suppress(UploadGone), named_errors(key):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)

    def _refuse_if_there(self, key: ObjectKey) -> None:
        with suppress(ObjectMissing):
            with named_errors(key):
                self._client.head_object(Bucket=self._bucket, Key=key)
            raise AlreadyThere

    def _find(self, key: ObjectKey) -> str | None:
        with named_errors(key):
            listed = self._client.list_multipart_uploads(Bucket=self._bucket, Prefix=key).get("Uploads", [])
        mine = sorted((one["Initiated"], one["UploadId"]) for one in listed if one["Key"] == key)
        return mine[0][1] if mine else None

    def _begin(self, key: ObjectKey, digest: Digest, media_type: str) -> str:
        with named_errors(key):
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                ContentType=media_type,
                ChecksumAlgorithm="SHA256",
                Metadata={DIGEST_MARK: digest},
            )
        return begun["UploadId"]

    def _finish(self, key: ObjectKey, upload: str, path: Path) -> None:
        known, parts = self._parts(key, upload), list["CompletedPartTypeDef"]()
        with path.open("rb") as file:
            while body := file.read(PART_BYTES):
                parts.append(self._part(key, upload, len(parts) + 1, body, known))
        with named_errors(key):
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
            )

    def _parts(self, key: ObjectKey, upload: str) -> dict[int, str]:
        with named_errors(key):
            pages = self._client.get_paginator("list_parts").paginate(Bucket=self._bucket, Key=key, UploadId=upload)
            return {part["PartNumber"]: part["ETag"] for page in pages for part in page.get("Parts", [])}

    def _part(
        self, key: ObjectKey, upload: str, number: int, body: bytes, known: Mapping[int, str]
    ) -> "CompletedPartTypeDef":
        checksum = base64_of(hashlib.sha256(body).hexdigest())
        # Few stores list a part's SHA-256; an ETag that is the MD5 of our bytes tells as much. Another is sent again.
        etag = known.get(number, "")
        if etag.strip('"') != hashlib.md5(body, usedforsecurity=False).hexdigest():
            with named_errors(key):
                etag = self._client.upload_part(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload,
                    PartNumber=number,
                    Body=body,
                    ChecksumSHA256=checksum,
                )["ETag"]
        return {"PartNumber": number, "ETag": etag, "ChecksumSHA256": checksum}
