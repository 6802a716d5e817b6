"""The lock of an S3 bucket (Object Lock) and the only deletion there is, by version. Used with the custodian's key."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal, TypeVar

from botocore.exceptions import ClientError

from evidence.ids import ObjectKey
from evidence.objects.errors import ObjectLocked, ObjectMissing, StoreForbids, StoreUnavailable
from evidence.objects.port import Keeping
from evidence.objects.probe import Durability, LockProof
from evidence.objects.s3_connection import S3Settings, is_forbidden, make_client, named_errors

Found = TypeVar("Found")
_NO_LOCK = frozenset(
    {"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest", "NoSuchObjectLegalHold"}
)


class S3Custody:
    """A `CustodyStore` in an S3 bucket that was made with Object Lock."""

    def __init__(self, settings: S3Settings, *, executor: Executor) -> None:
        """Take the bucket with the custodian's key, and the bounded executor for store calls."""
        self._bucket = settings.bucket
        self._client = make_client(settings)
        self._executor = executor

    async def keeping(self, key: ObjectKey) -> Keeping:
        """Read back what an object is kept by, as `CustodyStore.keeping` says."""
        return await self._run(partial(self._keeping, key))

    async def retain(self, key: ObjectKey, until: datetime) -> None:
        """Keep an object as `CustodyStore.retain` says, in compliance mode: nobody may shorten it."""
        await self._run(partial(self._retain, key, until))

    async def set_hold(self, key: ObjectKey, *, on: bool) -> None:
        """Hold an object, or lift it, as `CustodyStore.set_hold` says."""
        await self._run(partial(self._set_hold, key, "ON" if on else "OFF"))

    async def erase(self, key: ObjectKey) -> int:
        """Erase an object as `CustodyStore.erase` says, delete markers too."""
        return await self._run(partial(self._erase, key))

    async def prove_retention(self, key: ObjectKey, body: bytes, *, until: datetime) -> LockProof:
        """Prove retention as `ProvableCustody.prove_retention` says."""
        return await self._run(partial(self._prove, key, body, until))

    async def prove_hold(self, key: ObjectKey, body: bytes) -> LockProof:
        """Prove the legal hold as `ProvableCustody.prove_hold` says."""
        return await self._run(partial(self._prove, key, body, None))

    async def product(self) -> str:
        """Return what the store calls itself in its answers, or its address when it says nothing."""
        return await self._run(self._product)

    async def durability(self) -> Durability:
        """Say that S3 has no question for it; see docs/operations.md for the store that is shipped."""
        return Durability.NOT_ASKED

    def close(self) -> None:
        """Close the connections to the store."""
        self._client.close()

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def _versions(self, key: ObjectKey, *, markers: bool) -> list[str]:
        with named_errors(key):
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            found = []
            for page in pages:
                listed = [*page.get("Versions", []), *(page.get("DeleteMarkers", []) if markers else [])]
                found += [one["VersionId"] for one in listed if one["Key"] == key]
        return found

    def _kept_versions(self, key: ObjectKey) -> list[str]:
        versions = self._versions(key, markers=False)
        if not versions:
            raise ObjectMissing(key=key)
        return versions

    def _keeping(self, key: ObjectKey) -> Keeping:
        versions = self._kept_versions(key)
        dates = [self._date(key, version) for version in versions]
        known = [date for date in dates if date is not None]
        return Keeping(
            versions=tuple(versions),
            retain_until=min(known) if len(known) == len(dates) else None,
            held=all(self._is_held(key, version) for version in versions),
        )

    def _date(self, key: ObjectKey, version: str) -> datetime | None:
        try:
            with named_errors(key):
                found = self._client.get_object_retention(Bucket=self._bucket, Key=key, VersionId=version)
        except StoreUnavailable as error:
            if error.fields["reason"] in _NO_LOCK:
                return None
            raise
        except ObjectMissing:  # some stores say so of a version without retention
            return None
        date = found.get("Retention", {}).get("RetainUntilDate")
        return None if date is None else date.astimezone(UTC)

    def _is_held(self, key: ObjectKey, version: str) -> bool:
        try:
            with named_errors(key):
                found = self._client.get_object_legal_hold(Bucket=self._bucket, Key=key, VersionId=version)
        except StoreUnavailable as error:
            if error.fields["reason"] in _NO_LOCK:
                return False
            raise
        except ObjectMissing:
            return False
        return found.get("LegalHold", {}).get("Status") == "ON"

    def _retain(self, key: ObjectKey, until: datetime) -> None:
        if until.microsecond:  # S3 keeps whole seconds and would let it go a moment too early
            until = until.replace(microsecond=0) + timedelta(seconds=1)
        for version in self._kept_versions(key):
            date = self._date(key, version)
            if date is None or date < until:
                with named_errors(key):
                    self._client.put_object_retention(
                        Bucket=self._bucket,
                        Key=key,
                        VersionId=version,
                        Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
                    )

    def _set_hold(self, key: ObjectKey, status: Literal["ON", "OFF"]) -> None:
        for version in self._kept_versions(key):
            with named_errors(key):
                self._client.put_object_legal_hold(
                    Bucket=self._bucket, Key=key, VersionId=version, LegalHold={"Status": status}
                )

    def _erase(self, key: ObjectKey) -> int:
        versions = self._versions(key, markers=True)
        for version in versions:
            try:
                with named_errors(key):
                    self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            except StoreForbids:
                date, held = self._date(key, version), self._is_held(key, version)
                if date is None and not held:
                    raise
                until = "" if date is None else date.isoformat()
                raise ObjectLocked(key=key, retain_until=until, held=int(held)) from None
        return len(versions)

    def _prove(self, key: ObjectKey, body: bytes, until: datetime | None) -> LockProof:
        self._clear_canaries(key)
        try:
            version = self._put_locked(key, body, until)
        except ClientError as error:
            return LockProof.NOT_PERMITTED if is_forbidden(error) else LockProof.NOT_OFFERED
        if version is None:
            return LockProof.NOT_OFFERED
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
        except ClientError as error:
            if not is_forbidden(error):
                raise StoreUnavailable(reason=error.response["Error"]["Code"]) from error
        else:
            return LockProof.BROKEN
        if until is None:
            self._set_hold(key, "OFF")
            self._clear_canaries(key)
        return LockProof.ENFORCED

    def _put_locked(self, key: ObjectKey, body: bytes, until: datetime | None) -> str | None:
        if until is None:
            put = self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ChecksumAlgorithm="SHA256",
                ObjectLockLegalHoldStatus="ON",
            )
        else:
            put = self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ChecksumAlgorithm="SHA256",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            )
        return put.get("VersionId")

    def _clear_canaries(self, key: ObjectKey) -> None:
        """Remove earlier canaries whose time is over; one that is still locked stays until the next probe."""
        for version in self._versions(key, markers=True):
            try:
                self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
            except ClientError as error:
                if not is_forbidden(error):
                    raise StoreUnavailable(reason=error.response["Error"]["Code"]) from error

    def _product(self) -> str:
        with named_errors(""):
            answer = self._client.head_bucket(Bucket=self._bucket)
        return answer["ResponseMetadata"]["HTTPHeaders"].get("server", "") or self._client.meta.endpoint_url
