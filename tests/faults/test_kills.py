"""Kill -9 at random moments of a walk: everything comes back by itself, and nothing acknowledged is lost."""

import asyncio
import hashlib
import os
import random

import pytest

from evidence.records import Json
from tests.faults.killing import KINDS, victim
from tests.faults.walk import Walk, walking
from tests.waiting import wait_until

KILLS = "SIGHTLINE_TEST_KILLS"
SEED = "SIGHTLINE_TEST_SEED"
STEPS_BETWEEN = (5, 120)
"""Requests between the moment when all is well again and the next kill."""


async def test_kill_at_any_moment_loses_nothing_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers, uploads and a recording go on at once; each process, the supervisor too, dies in the middle."""
    kills = int(os.environ.get(KILLS, "3"))
    seed = int(os.environ.get(SEED, str(random.randrange(2**32))))
    print(f"{SEED}={seed} {KILLS}={kills}")  # noqa: T201  (pytest shows it when the test fails)
    for name in (KILLS, SEED):
        monkeypatch.delenv(name, raising=False)  # the product refuses settings it does not know
    chance = random.Random(seed)
    async with victim() as found, walking(found, chance) as walk:
        async with asyncio.TaskGroup() as people:
            for person in (walk.answer_on(), walk.upload_on(), walk.publish_on()):
                people.create_task(person)
            for kind in _order(chance, kills):
                moment = walk.steps + chance.randint(*STEPS_BETWEEN)
                await wait_until(lambda: walk.steps >= moment, within_s=120)  # noqa: B023
                await found.kill(kind)
            before = len(walk.items)
            await wait_until(lambda: len(walk.items) > before and walk.sources, within_s=120)
            walk.over = True
        await walk.in_session(walk.lead, "session.end")
        await _assert_kept(walk)
        assert (await found.fsck()).rstrip().endswith("\nsound")


def _order(chance: random.Random, kills: int) -> list[str]:
    """Return what dies, each kind as often as the others."""
    rounds = -(-kills // len(KINDS))
    return [kind for _ in range(rounds) for kind in chance.sample(KINDS, len(KINDS))][:kills]


async def _assert_kept(walk: Walk) -> None:
    state = await walk.snapshot()
    answers, items = state["answers"], state["items"]
    assert isinstance(answers, dict)
    assert isinstance(items, dict)
    assert {name: _answer(answers[name]) for name in walk.answers} == walk.answers
    assert walk.items.keys() <= items.keys()
    for item, digest in walk.items.items():
        async with walk.phone.client.get(f"/api/items/{item}/content") as response:
            content = await response.read()
        assert await asyncio.to_thread(_sha256, content) == digest
    await wait_until(lambda: _all_filed(walk), within_s=120)


def _answer(row: Json) -> tuple[int, str]:
    assert isinstance(row, dict)
    return int(str(row["version"])), str(row["note"])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _all_filed(walk: Walk) -> bool:
    """Return whether every source is closed, its recording too, and every segment and item was read back."""
    opened, closed, ended, begun, filed, kept = [
        {row[name] for row in await walk.stated(tag)}
        for tag, name in (
            ("tour.source_opened", "source_id"),
            ("tour.source_closed", "source_id"),
            ("evidence.recording_closed", "source_id"),
            ("evidence.segment_closed", "segment_id"),
            ("evidence.segment_filed", "segment_id"),
            ("evidence.item_filed", "item_id"),
        )
    ]
    return bool(begun) and opened == closed and ended <= opened and begun == filed and walk.items.keys() <= kept
