"""Sealing and disposal, killed -9 between every two of their steps: the next worker ends them, and fsck is clean."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.parts.stores import S3Server

STRIDE = "SIGHTLINE_TEST_STRIDE"
"""Every so many steps one is the last; 1 for each of them, which takes a minute."""
ROOT = Path(__file__).parents[2]
FILED = ["evidence.item_admitted", "evidence.item_filed"]
GOING = ["evidence.item_released", "evidence.disposal_ordered", "evidence.item_disposed"]
ENDS = {
    "sealing": ["sealed", *FILED, "evidence.item_sealed", "1 objects"],
    "disposal": ["disposed", *FILED, *GOING, "0 objects"],
    "disposal_under_a_lock": ["disposed", *FILED, "evidence.item_sealed", *GOING, "1 objects"],
}
"""How each must end however often it was killed: the stage, the entries, each once, and what is left in the store."""


@pytest.mark.parametrize("scenario", ENDS)
async def test_killed_between_any_two_steps_it_ends_as_if_nothing_had_been(
    weed: S3Server, tmp_path: Path, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stride = os.environ.get(STRIDE, "6")
    monkeypatch.delenv(STRIDE, raising=False)  # the product refuses settings it does not know
    given = {} if scenario == "disposal" else on_s3(weed, f"steps-{scenario.replace('_', '-')}")
    environment = {**os.environ, **given, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.steps", scenario, str(tmp_path / "steps"), stride]
    running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(running.communicate(), 300)
    assert running.returncode == 0
    told = json.loads(said)
    print(scenario, "killed", told["kills"], "times")  # noqa: T201  (pytest shows it with -s)
    assert (told["ended"], told["ends"]) == (0, [ENDS[scenario]])
    assert told["kills"] >= 9 // int(stride)


def on_s3(store: S3Server, bucket: str) -> dict[str, str]:
    """Return the environment of a worker on a new bucket."""
    store.create_bucket(bucket)
    given = {
        "objects": "s3",
        "s3_endpoint": store.endpoint,
        "s3_bucket": bucket,
        "s3_access_key": store.app[0],
        "s3_secret_key": store.app[1],
        "s3_custodian_access_key": store.custodian[0],
        "s3_custodian_secret_key": store.custodian[1],
    }
    return {f"SIGHTLINE_{name.upper()}": value for name, value in given.items()}
