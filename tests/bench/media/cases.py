"""The cases: side by side, the knee, recording, joining, and the plain relay."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.lines import quantile, write_line
from tests.bench.media.clip import Clip, make_clip
from tests.bench.media.janus import janus_server
from tests.bench.media.measuring import WINDOW_S, filled, join_times, measure
from tests.bench.media.servers import Server, our_server, relay_server

Opened = Callable[[Path, str], AbstractAsyncContextManager[Server]]
Case = Callable[[str, int], Coroutine[None, None, None]]
ROOMS, VIEWERS = 20, 4
LOSSLESS = 0.9999
"""Of all packets; what is missing is counted over some 300,000."""
KNEE = {"ours": (40, 60, 70, 80, 90), "janus": (40, 45, 50), "janus, event_loops=1": (50, 60, 70)}
SERVERS: dict[str, Opened] = {
    "ours": our_server,
    "janus": lambda folder, _host: janus_server(folder),
    "janus, event_loops=1": lambda folder, _host: janus_server(folder, event_loops=1),
}


async def side_by_side(host: str, pairs: int) -> None:
    """Run all servers in turn, and compare each turn with itself."""
    clip, costs = make_clip(), dict[str, list[float]]()
    for turn in range(pairs):
        for name, opened in SERVERS.items():
            numbers = await run(opened, clip, host, (ROOMS, VIEWERS))
            costs.setdefault(name, []).append(numbers["us_a_packet"])
            write_line("media_packet", server=name, turn=turn, rooms=ROOMS, viewers=VIEWERS, **numbers)
    for name in list(SERVERS)[1:]:
        ratios = [round(ours / theirs, 2) for ours, theirs in zip(costs["ours"], costs[name], strict=True)]
        write_line("media_packet_ratio", ours_to=name, median=median(ratios), pairs=ratios)
    write_line("media_packet_median", us={name: median(each) for name, each in costs.items()})


async def knee(host: str, _pairs: int) -> None:
    """Raise the number of rooms until packets are lost."""
    clip = make_clip()
    for name, opened in SERVERS.items():
        most = 0
        for rooms in KNEE[name]:
            numbers = await run(opened, clip, host, (rooms, VIEWERS))
            write_line("media_knee", server=name, rooms=rooms, viewers=rooms * VIEWERS, **numbers)
            if numbers["delivered"] < LOSSLESS:
                break
            most = rooms * VIEWERS
        write_line("media_knee_found", server=name, viewers_a_core=most)


async def recording(host: str, pairs: int) -> None:
    """Record ten rooms of two publishers and four viewers of both, and the same without."""
    clip, shares = make_clip(), list[float]()

    def recorded(folder: Path, host: str) -> AbstractAsyncContextManager[Server]:
        return our_server(folder, host, record=True)

    for turn in range(pairs):
        found = {}
        for name, opened in (("plain", our_server), ("recorded", recorded)):
            found[name] = await run(opened, clip, host, (ROOMS, VIEWERS), window_s=2 * WINDOW_S)
            write_line("media_recording", how=name, turn=turn, streams=ROOMS, viewers=VIEWERS, **found[name])
        shares.append((found["recorded"]["cpu"] - found["plain"]["cpu"]) / ROOMS)
    write_line("media_recorder_core_share", median=round(median(shares), 4), pairs=[round(one, 4) for one in shares])


async def joining(host: str, _pairs: int) -> None:
    """Let viewers come into our running rooms.

    Not beside Janus: its full ICE is not ready for our peers' first DTLS flight, and OpenSSL sends the next one after a
    whole second, a browser after 50 ms.
    """
    with TemporaryDirectory(prefix="sightline-bench-") as name:
        folder = Path(name)
        async with (
            our_server(folder, host) as server,
            filled(server, make_clip(), folder, host, rooms=10, viewers=VIEWERS) as (hall, _),
        ):
            await hall.run(1.0)
            waited = await join_times(hall)
    write_line("media_join_to_first_frame_ms", rooms=10, p50=round(median(waited)), most=round(quantile(waited, 1)))


async def relay(host: str, _pairs: int) -> None:
    """Run the plain aiortc relay with as few peers as it can bear; its pictures are others, so no time is in them."""

    def opened(folder: Path, _host: str) -> AbstractAsyncContextManager[Server]:
        return relay_server(folder)

    for name, each in (("aiortc relay", opened), ("ours", our_server)):
        numbers = await run(each, make_clip(), host, (1, 2))
        known = {key: number for key, number in numbers.items() if name == "ours" or not key.endswith("_ms")}
        write_line("media_relay", server=name, rooms=1, viewers=2, **known)


async def run(
    opened: Opened, clip: Clip, host: str, size: Sequence[int], *, window_s: float = WINDOW_S
) -> dict[str, float]:
    """Start a server, fill it and measure it once. Args: size: rooms, and viewers in each."""
    rooms, viewers = size
    with TemporaryDirectory(prefix="sightline-bench-") as name:
        folder = Path(name)
        async with (
            opened(folder, host) as server,
            filled(server, clip, folder, host, rooms=rooms, viewers=viewers) as (hall, joined),
        ):
            return {**await measure(hall, window_s=window_s), **joined}


CASES: dict[str, Case] = {
    "packets": side_by_side,
    "knee": knee,
    "recording": recording,
    "joining": joining,
    "relay": relay,
}
