"""`python -m tests.bench.bad_lines [NAME…]`: a tour over scripted lines in Chromium, a JSON line each.

The publisher and watcher are the front end's own; loss, delay, width and cuts are made between them and the media port.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.lines import quantile, write_line
from tests.media.line import Quality
from tests.media.touring import CAMERA, Tour, make_props, touring
from tests.waiting import let_pass, wait_until

MOVES = 20
Numbers = dict[str, object]


async def rates(tour: Tour, seconds: int) -> list[Numbers]:
    """Return once a second what is sent, after so many seconds."""
    began, before = time.monotonic(), (await tour.sent())["bytesSent"] or 0
    rows: list[Numbers] = []
    for second in range(1, seconds + 1):
        await let_pass(began + second - time.monotonic())
        sent = await tour.sent()
        kbps = round(((sent["bytesSent"] or 0) - before) * 8 / 1000)
        before = sent["bytesSent"] or 0
        rows.append(
            {
                "s": second,
                "kbps": kbps,
                "may_kbps": round((sent["availableOutgoingBitrate"] or 0) / 1000),
                "height": sent["frameHeight"],
                "fps": sent["framesPerSecond"],
                "limit": sent["qualityLimitationReason"],
            }
        )
    return rows


async def stretch(tour: Tour, seconds: int) -> Numbers:
    """Return what the viewer saw in the seconds to come."""
    before = await tour.seen()
    rows = await rates(tour, seconds)
    after = await tour.seen()

    def grown(name: str) -> float:
        return (after[name] or 0) - (before[name] or 0)

    samples, emitted = grown("totalSamplesReceived"), grown("jitterBufferEmittedCount")
    return {
        "seconds": seconds,
        "fps_shown": round(grown("frames") / seconds, 1),
        "freezes": grown("freezeCount"),
        "frozen_s": round(grown("totalFreezesDuration"), 2),
        "buffer_ms": round(grown("jitterBufferDelay") / emitted * 1000) if emitted else None,
        "concealed_share": round(grown("concealedSamples") / samples, 3) if samples else None,
        "nacks": grown("nackCount"),
        "plis": grown("pliCount"),
        "sent_kbps": median(int(str(row["kbps"])) for row in rows),
        "last": rows[-1],
    }


async def clean(tour: Tour) -> Numbers:
    """A good line from the first second."""
    rows = await rates(tour, 15)
    good = (row["s"] for row in rows if int(str(row["kbps"])) >= 2000 and row["height"] == CAMERA["height"])
    return {"good_after_s": next(good, None), "each_s": rows}


async def lossy(tour: Tour) -> Numbers:
    """5 % lost and 100 ms each way, on the phone's line."""
    return await _losing(tour, tour.out.up, tour.out.down)


async def lossy_both(tour: Tour) -> Numbers:
    """The same on the viewer's line too."""
    return await _losing(tour, tour.out.up, tour.out.down, tour.into.up, tour.into.down)


async def _losing(tour: Tour, *ways: Quality) -> Numbers:
    for quality in ways:
        quality.loss, quality.delay_ms = 0.05, 100
    await let_pass(15)
    return await stretch(tour, 30)


async def narrow(tour: Tour) -> Numbers:
    """600 kbit/s out of the phone."""
    tour.out.up.kbps = 600
    tour.out.up.delay_ms = 20
    await let_pass(15)
    return await stretch(tour, 30)


async def outage(tour: Tour, seconds: float) -> Numbers:
    """Nothing at all for a while."""
    await let_pass(8)
    tour.out.cut(on=True)
    await let_pass(seconds)
    tour.out.cut(on=False)
    at_ms = time.time() * 1000
    back_s = await tour.back_after(at_ms, within_s=60)
    states = await tour.publisher.evaluate("line.states")
    told = [[round((at - at_ms) / 1000, 2), state] for at, state in states if at > at_ms - seconds * 1000]
    return {"outage_s": seconds, "back_s": back_s, "states": told}


async def short_outages(tour: Tour) -> Numbers:
    """8 s without anything, five times."""
    each = [await outage(tour, 8) for _ in range(5)]
    return {"back_s": [one["back_s"] for one in each], "last": each[-1]}


async def long_outages(tour: Tour) -> Numbers:
    """45 s without anything, three times."""
    each = [await outage(tour, 45) for _ in range(3)]
    return {"back_s": [one["back_s"] for one in each], "last": each[-1]}


async def moves(tour: Tour) -> Numbers:
    """Another address, as when a phone leaves one network for another."""
    taken = []
    for _ in range(MOVES):
        await let_pass(3)
        at_ms = time.time() * 1000
        for line in tour.out.lines:
            await line.move()
        # What was on its way is shown still; a picture from the new address comes after that.
        taken.append(await tour.back_after(at_ms + 250, within_s=60))
    known = [one + 0.25 for one in taken if one is not None]
    return {"median_s": median(known), "p90_s": quantile(known, 0.9), "most_s": max(known), "moves": len(known)}


async def thin(tour: Tour) -> Numbers:
    """120 kbit/s out of the phone for a minute and a half, shared by voice and photos; then a good line again."""
    await let_pass(8)
    before = await tour.seen()
    thin_ms = time.time() * 1000
    tour.out.up.kbps = 120
    tour.out.up.delay_ms = 30
    await let_pass(90)
    after = await tour.seen()
    tour.out.up.kbps = 0
    wide_ms = time.time() * 1000
    ends = "line.modes.length > 1 && line.modes.at(-1)[1] === false"
    with suppress(AssertionError):  # then the numbers say so
        await wait_until(lambda: tour.publisher.evaluate(ends), within_s=90)
    modes = await tour.publisher.evaluate("line.modes")
    photos = await tour.publisher.evaluate("line.photos")
    samples = after["totalSamplesReceived"] - before["totalSamplesReceived"]
    return {
        "entered_after_s": next((round((at - thin_ms) / 1000, 1) for at, on in modes if on and at > thin_ms), None),
        "left_after_s": next((round((at - wide_ms) / 1000, 1) for at, on in modes if not on and at > wide_ms), None),
        "changes": len(modes),
        "video_back_s": await tour.back_after(wide_ms, within_s=20),
        "photo_every_s": [round((b[0] - a[0]) / 1000, 1) for a, b in pairwise(photos)],
        "photo_took_s": [round(took / 1000, 1) for _, took, _ in photos],
        "photo_kb": [round(size / 1000) for _, _, size in photos],
        "concealed_share": round((after["concealedSamples"] - before["concealedSamples"]) / samples, 3),
        "after": (await rates(tour, 5))[-1],
    }


SCRIPTS: Final[dict[str, Callable[[Tour], Awaitable[Numbers]]]] = {
    "clean": clean,
    "lossy": lossy,
    "lossy_both": lossy_both,
    "narrow": narrow,
    "outage_8s": short_outages,
    "outage_45s": long_outages,
    "address_change": moves,
    "thin": thin,
}


async def measure(names: list[str]) -> None:
    """Run the scripts of these names, or all."""
    with TemporaryDirectory(prefix="sightline-lines-") as folder:
        props = make_props(Path(folder))
        for name in names or SCRIPTS:
            async with touring(props) as tour:
                write_line(f"line_{name}", **await SCRIPTS[name](tour))


if __name__ == "__main__":
    asyncio.run(measure(sys.argv[1:]))
