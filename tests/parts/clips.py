"""Pictures and tones that a browser's fake devices play, and what is left of them in a recording."""

import math
import subprocess
from array import array
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from PIL import Image

from tests.parts.running import program

RATE = 48_000
BARS = ((255, 0, 0), (0, 255, 0), (255, 255, 0), (0, 0, 255), (255, 0, 255), (0, 255, 255))
"""Colours of the six upright bars of the clip, from the left."""


def make_camera(path: Path) -> None:
    """Write three seconds of a moving test card, 1280 by 720 at 20 frames a second, with `BARS` behind."""
    _ffmpeg("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=20:duration=3", "-q:v", "4", str(path))


def make_noisy_camera(path: Path) -> None:
    """Write two seconds of a moving test card with grain, 1280 by 720 at 30 frames a second: costly to send."""
    grain = "testsrc2=size=1280x720:rate=30:duration=2,noise=alls=2:allf=t"
    _ffmpeg("-f", "lavfi", "-i", grain, "-q:v", "5", str(path))


def make_tone(path: Path, hertz: int) -> None:
    """Write three seconds of a tone."""
    _ffmpeg("-f", "lavfi", "-i", f"sine=frequency={hertz}:duration=3", "-ar", str(RATE), str(path))


def duration_s(path: Path) -> float:
    """Return how long a file plays, as ffprobe says after decoding nothing but the container."""
    command = [program("ffprobe"), "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)


def decode_errors(path: Path) -> str:
    """Return what ffmpeg complains about when it decodes every frame, empty when nothing.

    It reads on until it knows every track: in a lane the first picture may come minutes after the beginning.
    Times go on in ms: by itself ffmpeg rounds them to a frame rate that it guesses, and then takes two frames that came
    2 ms apart for one time given twice.
    """
    exact = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000"]
    patient = ["-analyzeduration", "3600000000", "-probesize", "1000000000"]
    command = [program("ffmpeg"), "-v", "warning", *patient, "-i", str(path), *exact, "-f", "null", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stderr


def tone_share(path: Path, hertz: int) -> float:
    """Return how much of a file's sound is this tone: 0 for none, near 1 for nothing else, silence left out."""
    command = [program("ffmpeg"), "-v", "error", "-i", str(path), "-ac", "1", "-ar", "8000", "-f", "f32le", "-"]
    samples = array("f", subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    window = 800
    shares = [_share(samples[at : at + window], hertz) for at in range(0, len(samples) - window, window)]
    loud = [share for share in shares if share is not None]
    return sum(loud) / len(loud) if loud else 0.0


def shows_bars(path: Path) -> bool:
    """Return whether a picture shows the clip: the middle of each bar has its colour, as the median over its height.

    The card has things that move across the bars, each over less than half of one; compression changes a little.
    """
    with Image.open(path) as found:
        shown = found.convert("RGB").resize((2 * len(BARS), 40), Image.Resampling.NEAREST)
    rows = range(shown.height)
    return all(_near([shown.getpixel((2 * bar + 1, row)) for row in rows], colour) for bar, colour in enumerate(BARS))


def _near(pixels: Sequence[object], colour: tuple[int, int, int]) -> bool:
    seen = [pixel for pixel in pixels if isinstance(pixel, tuple)]
    return all(abs(median(pixel[channel] for pixel in seen) - colour[channel]) < 70 for channel in range(3))


def _share(window: "array[float]", hertz: int) -> float | None:
    """Return the tone's part of the energy of one window (Goertzel); None when the window is silent."""
    energy = sum(value * value for value in window)
    if energy < 1e-4 * len(window):
        return None
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    before, last = 0.0, 0.0
    for value in window:
        before, last = last, value + turn * last - before
    power = before * before + last * last - turn * before * last
    return 2 * power / (len(window) * energy)


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([program("ffmpeg"), "-y", "-loglevel", "error", *arguments], check=True, timeout=120)
