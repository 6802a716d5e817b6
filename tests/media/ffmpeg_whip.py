"""FFmpeg's WHIP muxer as an encoder of its own: `python -m tests.media.ffmpeg_whip URL TOKEN SECONDS`.

It holds the GIL while it connects, so it runs in a process apart from what it connects to.
"""

import math
import sys
import time
from array import array
from fractions import Fraction

import av

RATE, FRAME_SAMPLES = 48_000, 960


def publish(url: str, token: str, seconds: float) -> None:
    """Send a tone of 440 Hz for so long, paced by the clock, and hang up."""
    with av.open(url, "w", format="whip", options={"authorization": token}) as session:
        sound = session.add_stream("libopus", rate=RATE, layout="stereo")
        began, samples = time.monotonic(), 0
        while samples < seconds * RATE:
            session.mux(sound.encode(_tone(samples)))
            samples += FRAME_SAMPLES
            time.sleep(max(0.0, began + samples / RATE - time.monotonic()))


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
    publish(sys.argv[1], sys.argv[2], float(sys.argv[3]))
