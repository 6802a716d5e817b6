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
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

RATE, FRAME_SAMPLES = 48_000, 960
PICTURES_A_S, SIZE = 25, (320, 240)
BASELINE = {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency"}


def publish(url: str, token: str, seconds: float, certificate: tuple[str, str]) -> None:
    """Send a tone of 440 Hz and a moving ramp for so long, paced by the clock, and hang up.

    The muxer passes over whoever asks for a key frame, so there is one every second.
    """
    options = {"authorization": token, "cert_file": certificate[0], "key_file": certificate[1]}
    with av.open(url, "w", format="whip", options=options) as session:
        sound = session.add_stream("libopus", rate=RATE, layout="stereo")
        shown = session.add_stream("libx264", rate=PICTURES_A_S, options=BASELINE)
        assert isinstance(sound, AudioStream)
        assert isinstance(shown, VideoStream)
        (shown.width, shown.height), shown.pix_fmt, shown.gop_size = SIZE, "yuv420p", PICTURES_A_S
        pace, began = Event(), time.monotonic()
        for number in range(int(seconds * RATE / FRAME_SAMPLES)):
            session.mux(sound.encode(_tone(number * FRAME_SAMPLES)))
            if number % 2 == 0:
                session.mux(shown.encode(_ramp(number // 2)))
            pace.wait(max(0.0, began + (number + 1) * FRAME_SAMPLES / RATE - time.monotonic()))


def _tone(samples: int) -> av.AudioFrame:
    step = 2 * math.pi * 440 / RATE
    mono = [int(8000 * math.sin(step * (samples + n))) for n in range(FRAME_SAMPLES)]
    frame = av.AudioFrame(format="s16", layout="stereo", samples=FRAME_SAMPLES)
    frame.planes[0].update(array("h", [value for value in mono for _ in range(2)]).tobytes())
    frame.sample_rate = RATE
    frame.pts, frame.time_base = samples, Fraction(1, RATE)
    return frame


def _ramp(number: int) -> av.VideoFrame:
    frame = av.VideoFrame(*SIZE, "yuv420p")
    luma, *colours = frame.planes
    luma.update(bytes((x + number * 4) & 0xFF for x in range(luma.line_size)) * SIZE[1])
    for colour in colours:
        colour.update(b"\x80" * colour.buffer_size)
    frame.pts, frame.time_base = number, Fraction(1, PICTURES_A_S)
    return frame


if __name__ == "__main__":
    av.logging.set_level(av.logging.VERBOSE)
    publish(sys.argv[1], sys.argv[2], float(sys.argv[3]), (sys.argv[4], sys.argv[5]))
