"""The connection to an S3 bucket, and the provider's errors as the errors of `evidence.objects`."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr

from evidence.objects.errors import DigestMismatch, ObjectMissing, StoreForbids, StoreUnavailable
from evidence.records import Record

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_BAD_DIGEST = frozenset({"BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest"})


class S3Settings(Record):
    """Where the bucket is and the key to it."""

    endpoint: str | None
    region: str
    bucket: str
    access_key: SecretStr
    secret_key: SecretStr


class AlreadyThere(Exception):
    """The key has an object already."""


class BeyondTheEnd(Exception):
    """The range begins after the last byte."""


class UploadGone(Exception):
    """Somebody else completed or aborted the upload in parts."""


_TOLD: Mapping[str, type[Exception]] = {
    **dict.fromkeys(("PreconditionFailed", "ConditionalRequestConflict", "412", "409"), AlreadyThere),
    "InvalidRange": BeyondTheEnd,
    "NoSuchUpload": UploadGone,
}


@contextmanager
def named_errors(key: str) -> Iterator[None]:
    """Give what the provider raises in the block its name here.

    Raises: ObjectMissing, DigestMismatch, StoreForbids, StoreUnavailable, and the three of this module.
    """
    try:
        yield
    except ClientError as error:
        raise _named(error, key) from error
    except BotoCoreError as error:
        raise StoreUnavailable(reason=type(error).__name__) from error


def _named(error: ClientError, key: str) -> Exception:
    code = error.response["Error"]["Code"]
    if code in _TOLD:
        return _TOLD[code]()
    if code in _MISSING:
        return ObjectMissing(key=key)
    if code in _BAD_DIGEST:
        return DigestMismatch(expected=key.rpartition("/")[2], actual="")
    if is_forbidden(error):
        return StoreForbids(operation=error.operation_name)
    return StoreUnavailable(reason=code)


def is_forbidden(error: ClientError) -> bool:
    """Say whether the store refused a request that it understood."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.FORBIDDEN


def base64_of(digest: str) -> str:
    """Return a digest in the form of S3's checksum headers."""
    return b64encode(bytes.fromhex(digest)).decode()


def make_client(settings: S3Settings) -> "S3Client":
    """Return a client of the bucket's store."""
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
