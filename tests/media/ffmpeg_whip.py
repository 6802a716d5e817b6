"""FFmpeg's WHIP muxer as an encoder of its own: `python -m tests.media.ffmpeg_whip URL TOKEN SECONDS CERT KEY`.

It holds the GIL while it connects, so it runs in a process apart from what it connects to. A build on GnuTLS makes
itself a certificate on P-224, which OpenSSL 4 refuses; CERT and KEY name files of one on P-256.
"""

import math
import sys
import time
from array import array
from fractions import Fraction
from threading import Event

import av

RATE, FRAME_SAMPLES = 48_000, 960


def publish(url: str, token: str, seconds: float, certificate: tuple[str, str]) -> None:
    """Send a tone of 440 Hz for so long, paced by the clock, and hang up."""
    options = {"authorization": token, "cert_file": certificate[0], "key_file": certificate[1]}
    with av.open(url, "w", format="whip", options=options) as session:
        sound = session.add_stream("libopus", rate=RATE, layout="stereo")
        pace, began, samples = Event(), time.monotonic(), 0
        while samples < seconds * RATE:
            session.mux(sound.encode(_tone(samples)))
            samples += FRAME_SAMPLES
            pace.wait(max(0.0, began + samples / RATE - time.monotonic()))


def _tone(samples: int) -> av.AudioFrame:
    step = 2 * math.pi * 440 / RATE
    mono = [int(8000 * math.sin(step * (samples + n))) for n in range(FRAME_SAMPLES)]
    frame = av.AudioFrame(format="s16", layout="stereo", samples=FRAME_SAMPLES)
    frame.planes[0].update(array("h", [value for value in mono for _ in range(2)]).tobytes())
    frame.sample_rate = RATE
    frame.pts, frame.time_base = samples, Fraction(1, RATE)
    return frame


if __name__ == "__main__":
    av.logging.set_level(av.logging.VERBOSE)
    publish(sys.argv[1], sys.argv[2], float(sys.argv[3]), (sys.argv[4], sys.argv[5]))
