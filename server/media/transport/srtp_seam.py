"""The one place that knows pylibsrtp's private names: its C functions, called into a buffer that all packets share.

`Session.protect` takes new memory for each call and a buffer of its own for each session, which is cold by the time a
viewer's turn comes again: with 100 connections it was 23 % of what the process spent. `tests/media/test_srtp.py` holds
both ways against each other. libsrtp lets go of the interpreter's lock, so only one thread, the event loop's, may call.
"""

from collections.abc import Callable

from pylibsrtp import Error, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

PACKET_BYTES = 1500
"""Longest packet that is protected or unprotected."""
_TRAILER_BYTES = 4 + 16 + 128
"""What libsrtp may write behind a packet: index, tag and MKI."""
Step = Callable[[bytes], bytes]
_packet = ffi.new("char[]", PACKET_BYTES + _TRAILER_BYTES)
_view = ffi.buffer(_packet)
_length = ffi.new("int *")


def protecting(session: Session) -> Step:
    """Return what protects an RTP packet as `session.protect` does. It raises Error and ValueError."""
    return _step(session, lib.srtp_protect)


def unprotecting(session: Session) -> Step:
    """Return what unprotects an SRTP packet as `session.unprotect` does. It raises Error and ValueError."""
    return _step(session, lib.srtp_unprotect)


def _step(session: Session, call: Callable[..., int]) -> Step:
    context, ok = session._srtp[0], lib.srtp_err_status_ok  # noqa: SLF001

    def step(packet: bytes) -> bytes:
        size = len(packet)
        if size > PACKET_BYTES:
            raise ValueError("packet is too long")
        _view[0:size] = packet
        _length[0] = size
        status = call(context, _packet, _length)
        if status != ok:
            raise Error(f"libsrtp says {status} of {session!r}")  # the session is held, and with it the context
        done: bytes = _view[0 : _length[0]]  # a copy
        return done

    return step
