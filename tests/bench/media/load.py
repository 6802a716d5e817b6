"""The load: `load.c` compiled for this run, and what goes into it and comes out of it.

SRTP is the library that pylibsrtp carries, called by its own addresses: both ends of a measurement protect alike.
"""

import asyncio
import ctypes
import socket
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from server.media.transport.srtp import SrtpProfile
from tests.bench.media.clip import Clip

SOURCE = Path(__file__).with_name("load.c")
SLICE_MS = 20
"""The loop is left this often, so that others on the event loop get their turn."""
BUCKET_MS = 0.01
BUCKETS = 200_000
OTHERS_AT_ONCE = 64
_STEPS = ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")
_MEMINFO, _MEMINFO_DROPS = 55, 8
"""SO_MEMINFO of Linux, and the place of the packets a socket had no room for."""
Result = TypeVar("Result")


class _Other(ctypes.Structure):
    _fields_ = (("peer", ctypes.c_int), ("bytes", ctypes.c_int), ("datagram", ctypes.c_uint8 * 2048))


class Numbers(ctypes.Structure):
    """What one peer counted while it counted."""

    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in (
            "sent",
            "received",
            "lost_on_purpose",
            "recovered",
            "refused",
            "key_frame_requests",
            "nacks",
            "feedback",
            "late_ns",
        )
    )


@dataclass(frozen=True)
class Keys:
    """The two SRTP sessions of a peer; they live as long as the load calls into them."""

    outbound: Session
    inbound: Session


def keys_of(profile: SrtpProfile, material: bytes, *, is_client: bool) -> Keys:
    """Return the sessions for exported keying material (RFC 5764, 4.2)."""
    keys, salts = material[: 2 * profile.key_bytes], material[2 * profile.key_bytes :]
    client = keys[: profile.key_bytes] + salts[: profile.salt_bytes]
    server = keys[profile.key_bytes :] + salts[profile.salt_bytes :]
    sends, receives = (client, server) if is_client else (server, client)
    outbound = Policy(sends, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile.libsrtp)
    inbound = Policy(receives, Policy.SSRC_ANY_INBOUND, srtp_profile=profile.libsrtp)
    inbound.window_size = 4096
    return Keys(Session(outbound), Session(inbound))


class Load:
    """All peers of one measurement. Every call into the loop is made in one thread, so none meets another."""

    def __init__(self, clip: Clip, folder: Path) -> None:
        self._library = ctypes.CDLL(str(_compiled(folder)))
        self._library.load_latency.restype = ctypes.POINTER(ctypes.c_uint32)
        self._library.load_first_frame.restype = ctypes.c_uint64
        self._thread = ThreadPoolExecutor(1, "load")
        self._held: list[object] = [clip]
        self._sockets: list[socket.socket] = []
        self.count = 0
        steps = (ctypes.c_void_p * len(_STEPS))(*(_address(ffi.addressof(lib, name)) for name in _STEPS))
        self._library.load_open(
            steps,
            clip.content,
            self._keep((ctypes.c_uint32 * len(clip.packets))(*clip.packets)),
            self._keep((ctypes.c_uint32 * len(clip.frames))(*clip.frames)),
            ctypes.c_uint32(len(clip.frames) - 1),
        )

    async def add(self, sock: socket.socket, keys: Keys, check: bytes) -> int:
        """Take over a connected peer and return its number."""
        self._held.append(keys)
        self._sockets.append(sock)
        outbound, inbound = (ctypes.c_void_p(_address(one._srtp[0])) for one in (keys.outbound, keys.inbound))  # noqa: SLF001
        number = await self._call(
            lambda: int(self._library.load_peer(sock.fileno(), outbound, inbound, check, len(check)))
        )
        self.count = number + 1
        return number

    async def publish(self, peer: int, *, ssrcs: Sequence[int], types: Sequence[int], twcc_id: int) -> None:
        """Let a peer send the clip and sound, beginning at a moment of its own."""
        phase_us = peer * 7919 % 33_333
        numbers = (ctypes.c_uint32 * 2)(*ssrcs)
        await self._call(lambda: self._library.load_publish(peer, numbers, bytes(types), twcc_id, phase_us))

    async def watch(self, peer: int, *, types: Sequence[int], lose_every: int) -> None:
        """Let a peer count; of its video packets it takes every so many-th for lost, and asks for it."""
        await self._call(lambda: self._library.load_watch(peer, bytes(types), lose_every))

    async def run(self, seconds: float, *, sending: bool = True, counted: bool = False) -> None:
        """Run for so long."""
        for _ in range(round(seconds * 1000 / SLICE_MS)):
            await self._call(lambda: self._library.load_run(SLICE_MS, int(sending), int(counted)))

    def others(self) -> list[tuple[int, bytes]]:
        """Return datagrams that were no media, with the peers' numbers; call between runs."""
        found = (_Other * OTHERS_AT_ONCE)()
        taken = self._library.load_others(found, OTHERS_AT_ONCE)
        return [(one.peer, bytes(one.datagram[: one.bytes])) for one in found[:taken]]

    def numbers(self, peer: int) -> Numbers:
        """Return what a peer counted."""
        found = Numbers()
        self._library.load_numbers(peer, ctypes.byref(found))
        return found

    def first_frame_ns(self, peer: int) -> int:
        """Return when a viewer's first picture was whole, in ns since the epoch; 0 for not yet."""
        return int(self._library.load_first_frame(peer))

    def latency_ms(self, shares: Sequence[float]) -> list[float]:
        """Return quantiles of the time from a frame's first packet sent to its last received."""
        buckets = self._library.load_latency()[:BUCKETS]
        sums = list(accumulate(buckets))
        return [round(next(i for i, s in enumerate(sums) if s >= sums[-1] * share) * BUCKET_MS, 2) for share in shares]

    def overflowed(self) -> int:
        """Return how many packets the load's own sockets had no room for; with any, the load was too slow."""
        size = 4 * (_MEMINFO_DROPS + 1)
        reads = (one.getsockopt(socket.SOL_SOCKET, _MEMINFO, size) for one in self._sockets)
        return sum(int.from_bytes(read[-4:], "little") for read in reads)

    def close(self) -> None:
        """Hang up without a word."""
        self._thread.shutdown()
        self._library.load_close()
        for one in self._sockets:
            one.close()

    def _keep(self, value: Result) -> Result:
        self._held.append(value)
        return value

    async def _call(self, step: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)


def _address(pointer: object) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def _compiled(folder: Path) -> Path:
    made = folder / "load.so"
    if not made.exists():
        subprocess.run(["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", made, SOURCE], check=True)
    return made
