"""`sightline doctor --store` on every kind of store: a table for people and an exit code for CI."""

import asyncio
import os
import sys
from pathlib import Path

from server.config import Settings, load_settings
from server.operator import diagnose_store
from tests.parts.liar import NAME, liar
from tests.parts.stores import S3Server

ROOT = Path(__file__).parents[2]
WITHIN_S = 60


def on_s3(data: Path, store: S3Server, bucket: str, *, with_custodian: bool = True) -> dict[str, str]:
    """Return the environment of a deployment on a bucket."""
    given = {
        "data": str(data),
        "objects": "s3",
        "s3_endpoint": store.endpoint,
        "s3_bucket": bucket,
        "s3_access_key": store.app[0],
        "s3_secret_key": store.app[1],
    }
    if with_custodian:
        given |= dict(zip(("s3_custodian_access_key", "s3_custodian_secret_key"), store.custodian, strict=True))
    return {f"SIGHTLINE_{name.upper()}": value for name, value in given.items()}


async def test_folder_has_nothing_missing_and_its_lock_is_called_a_policy(tmp_path: Path) -> None:
    rows = dict(await diagnose_store(Settings(data=tmp_path)))
    assert rows["store: retention"] == "a policy of this program; who owns the disk can delete"
    assert rows["items can be sealed"] == "no: they are filed"


async def test_store_that_keeps_its_lock_has_nothing_missing(weed: S3Server, tmp_path: Path) -> None:
    weed.create_bucket("doctor-honest")
    rows = dict(await diagnose_store(load_settings(on_s3(tmp_path, weed, "doctor-honest"))))
    assert rows.pop("object store").startswith("SeaweedFS")
    assert rows == {
        "store: put if absent": "proved",
        "store: wrong checksum refused": "proved",
        "store: ranges": "proved",
        "store: retention": "proved",
        "store: legal hold": "proved",
        "store: synced to disk": "cannot be asked over S3; see docs/operations.md",
        "items can be sealed": "yes",
    }


async def test_key_that_may_not_lock_is_missing_something(weed: S3Server, tmp_path: Path) -> None:
    """Without the custodian's key the worker could seal nothing."""
    weed.create_bucket("doctor-keyless")
    rows = dict(await diagnose_store(load_settings(on_s3(tmp_path, weed, "doctor-keyless", with_custodian=False))))
    assert rows["store: legal hold"].startswith("MISSING: the custodian's key may not set it at SeaweedFS")


async def test_store_that_takes_a_lock_and_drops_it_is_named_and_fails_the_command(
    weed: S3Server, tmp_path: Path
) -> None:
    weed.create_bucket("doctor-liar")
    async with liar(weed, "lock") as lying:
        environment = {**os.environ, **on_s3(tmp_path, lying, "doctor-liar"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "server", "doctor", "--store"]
        running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        said, _ = await asyncio.wait_for(running.communicate(), WITHIN_S)
    assert running.returncode == 1
    assert f"MISSING: {NAME} takes the lock and does not keep it" in said.decode()
    assert "no: they are filed" in said.decode()
