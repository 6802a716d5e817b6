"""The child's loop: one hostile file after another, inside limits it sets on itself.

It reads one JSON line a file, a `jobs.Job`, and answers with one JSON line, followed by as many bytes of a JPEG as
the line's `picture_bytes` says and as many of UTF-8 text as `text_bytes` says.
"""

import io
import json
import math
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable

from PIL import Image

from evidence.intake.decoding.jobs import Job, RefusedError
from evidence.intake.decoding.mixing import refuse_mixture
from evidence.intake.decoding.office import TYPES, open_office
from evidence.intake.decoding.opened import Opened
from evidence.intake.decoding.papers import open_pdf
from evidence.intake.decoding.pictures import FORMATS, PAGE_PX, THUMBNAIL_PX, flatten, open_picture, register
from evidence.intake.decoding.texts import open_text
from evidence.intake.decoding.videos import DEMUXERS, open_video

OPENERS: dict[str, Callable[[Job], Opened]] = {
    **dict.fromkeys(FORMATS, open_picture),
    **dict.fromkeys(DEMUXERS, open_video),
    **dict.fromkeys(("application/zip", *TYPES), open_office),
    **dict.fromkeys(("text/plain", "text/csv"), open_text),
    "application/pdf": open_pdf,
}
ARCHIVES = frozenset({"application/zip", *TYPES})


def limit_self(memory_bytes: int) -> None:
    """Give up memory beyond the bound (address space), core files and writing any file at all."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def limit_cpu(seconds: int) -> None:
    """End this process when the next file takes more than so many seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY)
    )


def draw(picture: Image.Image, side: int) -> bytes:
    """Return a JPEG of at most `side` by `side` pixels on white, without any metadata."""
    picture.thumbnail((side, side))
    written = io.BytesIO()
    flatten(picture).save(written, "JPEG", quality=82)
    return written.getvalue()


def answer(job: Job) -> tuple[dict[str, object], bytes, bytes]:
    """Open one file and return the answer's line, the picture and the text."""
    limit_cpu(job["cpu_s"])
    fault, picture = "", b""
    found = Opened(job["media_type"])
    try:
        if job["media_type"] not in ARCHIVES:
            refuse_mixture(job["path"], job["media_type"])
        found = OPENERS[job["media_type"]](job)
        if found.picture is not None and job["task"] != "check":
            picture = draw(found.picture, PAGE_PX if job["task"] == "draw" else THUMBNAIL_PX)
    except RefusedError as error:
        fault = str(error)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        fault = "too_many_pixels"
    except (MemoryError, zipfile.LargeZipFile):
        fault = "too_costly"
    except Exception:  # noqa: BLE001  (decoders raise anything on hostile bytes; this process exists to contain that)
        fault = "damaged"
    if fault:
        return {"fault": fault}, b"", b""
    text = found.text.encode()
    line: dict[str, object] = {"media_type": found.media_type, "facts": found.facts, "claims": found.claims}
    return line | {"signals": found.signals, "picture_bytes": len(picture), "text_bytes": len(text)}, picture, text


def serve(memory_bytes: int) -> None:
    """Answer one job a line until the parent closes the pipe."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    register()
    limit_self(memory_bytes)
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        head, picture, text = answer(json.loads(line))
        sys.stdout.buffer.write(json.dumps(head, allow_nan=False).encode() + b"\n" + picture + text)
        sys.stdout.buffer.flush()
