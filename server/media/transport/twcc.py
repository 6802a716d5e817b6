"""Transport-wide congestion control feedback: when each packet came, told to the sender about ten times a second. Pure.

Source: draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1.
"""

from struct import Struct

from server.media.transport.rtp import WRAP, Unwrapper

PACKETS_MOST = 400
"""Packets in one feedback; with two bytes of time each it still fits one datagram."""
_HEAD = Struct("!BBHIIHHI")
_VERSION_FMT, _PACKET_TYPE = 0x80 | 15, 205
_TICK_S, _TICKS_A_REFERENCE = 0.000_25, 256
"""A delta counts quarters of a ms, the reference time 64 ms."""
_ABSENT, _SMALL, _LARGE = 0, 1, 2
_SYMBOLS = 7
"""Two-bit symbols in a chunk."""
_RUN_MOST = 0x1FFF
_DELTA_MOST = 0x7FFF


class ArrivalTimes:
    """The arrivals since the last feedback."""

    def __init__(self) -> None:
        self._unwrap = Unwrapper()
        self._arrived: dict[int, float] = {}
        self._next: int | None = None
        self._count = 0

    def note(self, seq: int, arrived_s: float) -> None:
        """Note a packet. Args: seq: its transport-wide number, 16 bits; arrived_s: monotonic."""
        index = self._unwrap(seq)
        if (self._next is None or index >= self._next - PACKETS_MOST) and len(self._arrived) < 4 * PACKETS_MOST:
            self._arrived.setdefault(index, arrived_s)

    def feedback(self, sender_ssrc: int, media_ssrc: int) -> list[bytes]:
        """Return the feedback packets for what came since the last time, none for nothing."""
        packets: list[bytes] = []
        waiting = sorted(self._arrived)
        while waiting:
            first = waiting[0] if self._next is None else min(self._next, waiting[0])
            if waiting[0] - first > PACKETS_MOST // 2:
                first = waiting[0]  # so much is missing that nobody can use being told
            taken = [index for index in waiting if index < first + PACKETS_MOST]
            waiting = waiting[len(taken) :]
            packets.append(self._write(sender_ssrc, media_ssrc, first, taken))
            self._next = max(self._next or 0, taken[-1] + 1)
        self._arrived.clear()
        return packets

    def _write(self, sender_ssrc: int, media_ssrc: int, first: int, taken: list[int]) -> bytes:
        reference = int(self._arrived[taken[0]] / _TICK_S) // _TICKS_A_REFERENCE
        at = reference * _TICKS_A_REFERENCE
        symbols = [_ABSENT] * (taken[-1] - first + 1)
        deltas = bytearray()
        for index in taken:
            ticks = int(self._arrived[index] / _TICK_S)
            delta = max(-_DELTA_MOST, min(_DELTA_MOST, ticks - at))
            at += delta
            small = 0 <= delta < _TICKS_A_REFERENCE
            symbols[index - first] = _SMALL if small else _LARGE
            deltas += delta.to_bytes(1) if small else delta.to_bytes(2, signed=True)
        body = _chunks(symbols) + bytes(deltas)
        body += bytes(-len(body) % 4)
        count = self._count
        self._count = (self._count + 1) % 256
        words = (_HEAD.size + len(body)) // 4 - 1
        reference_and_count = (reference % (1 << 24)) << 8 | count
        head = _HEAD.pack(
            _VERSION_FMT,
            _PACKET_TYPE,
            words,
            sender_ssrc,
            media_ssrc,
            first % WRAP,
            len(symbols),
            reference_and_count,
        )
        return head + body


def _chunks(symbols: list[int]) -> bytes:
    """Return the packet status chunks: runs where a symbol repeats for long, vectors of seven elsewhere."""
    written, at = bytearray(), 0
    while at < len(symbols):
        run = 1
        while at + run < len(symbols) and symbols[at + run] == symbols[at] and run < _RUN_MOST:
            run += 1
        if run >= _SYMBOLS:
            written += (symbols[at] << 13 | run).to_bytes(2)
            at += run
            continue
        chunk = 0xC000
        for place, symbol in enumerate(symbols[at : at + _SYMBOLS]):
            chunk |= symbol << 2 * (_SYMBOLS - 1 - place)
        written += chunk.to_bytes(2)
        at += _SYMBOLS
    return bytes(written)
