"""SeaweedFS from its wheel: an S3 store that enforces Object Lock, for the test session."""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr
from types_boto3_s3 import S3Client

from evidence.objects.s3_connection import S3Settings
from evidence.records import Json
from tests.parts.running import LOOPBACK, free_port, part_folder, program, running

REGION = "us-east-1"
CONFIG = Config(retries={"max_attempts": 1}, connect_timeout=2, read_timeout=30, s3={"addressing_style": "path"})


class S3Server(NamedTuple):
    """A running store on loopback, and the keys of its administrator, of the application and of the custodian."""

    endpoint: str
    access_key: str
    secret_key: str
    app: tuple[str, str]
    custodian: tuple[str, str]
    region: str = REGION

    def client(self) -> S3Client:
        """Return a client that neither retries nor leaves loopback."""
        client: S3Client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=CONFIG,
        )
        return client

    def create_bucket(self, name: str) -> None:
        """Create a bucket with Object Lock, as the deployment's init job does."""
        client = self.client()
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        client.close()

    def settings(self, bucket: str) -> S3Settings:
        """Return what the product's processes need to use one of its buckets."""
        return self._settings(bucket, *self.app)

    def custodian_settings(self, bucket: str) -> S3Settings:
        """Return what the worker needs to lock and erase in one of its buckets."""
        return self._settings(bucket, *self.custodian)

    def _settings(self, bucket: str, access_key: str, secret_key: str) -> S3Settings:
        return S3Settings(
            endpoint=self.endpoint,
            region=self.region,
            bucket=bucket,
            access_key=SecretStr(access_key),
            secret_key=SecretStr(secret_key),
        )

    def identities(self) -> dict[str, Json]:
        """Return the store's configuration: who may do what."""
        rights: dict[str, tuple[tuple[str, str], list[Json]]] = {
            "admin": ((self.access_key, self.secret_key), ["Admin"]),
            "app": (self.app, ["Read", "Write", "List", "Tagging"]),
            "custodian": (self.custodian, ["Admin"]),
        }
        return {
            "identities": [
                {"name": name, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}
                for name, ((key, secret), actions) in rights.items()
            ]
        }

    def is_ready(self) -> bool:
        """Return whether the store lists its buckets."""
        client = self.client()
        try:
            client.list_buckets()
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Run `weed mini` until the block ends.

    Every port is bound on loopback and the filer asks for a token: its open port would walk round Object Lock.
    """
    s3, master, volume, filer, admin, *grpc = (free_port() for _ in range(10))
    admin_keys, app_keys, custodian_keys = ((secrets.token_hex(10), secrets.token_hex(20)) for _ in range(3))
    server = S3Server(f"http://{LOOPBACK}:{s3}", *admin_keys, app=app_keys, custodian=custodian_keys)
    ports = {"s3": s3, "master": master, "volume": volume, "filer": filer, "admin": admin}
    grpc_ports = dict(zip(ports, grpc, strict=True))
    jwt = ["SIGNING_KEY", "SIGNING_READ_KEY", "FILER_SIGNING_KEY", "FILER_SIGNING_READ_KEY"]
    env = {
        "GOMEMLIMIT": "384MiB",
        **{f"WEED_JWT_{name}": secrets.token_hex(16) for name in jwt},
    }
    with part_folder("weed") as folder:
        identities = folder / "identities.json"
        identities.write_text(json.dumps(server.identities()))
        command = [
            program("weed", folders=os.pathsep.join([str(Path(sys.executable).parent)])),
            *["-logtostderr=true", "mini", f"-dir={folder}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}"],
            *["-master.telemetry=false", "-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"],
            *["-s3.allowDeleteBucketNotEmpty=false", "-s3.autoCreateBucket=false"],
            f"-s3.config={identities}",
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}.port.grpc={port}" for name, port in grpc_ports.items()),
        ]
        with running(command, folder=folder, env=env, ready=server.is_ready):
            yield server
