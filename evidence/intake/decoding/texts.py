"""Opening plain text and tables of values."""

from pathlib import Path

from evidence.intake.decoding.jobs import Job, RefusedError
from evidence.intake.decoding.opened import Opened

TEXT_LIMIT = 1024 * 1024
"""Characters of text that are taken for the search."""
ENCODINGS = ("utf-8-sig", "cp1252")
"""UTF-8 with or without its mark; what offices of the Americas write otherwise."""
KEPT = frozenset("\n\t\f")


def open_text(job: Job) -> Opened:
    """Read a text whole; one with control characters is none. Raises: RefusedError."""
    content = Path(job["path"]).read_bytes()
    text = _decode(content)
    if text is None or any(letter < " " and letter not in "\r\n\t\f" for letter in set(text)):
        raise RefusedError("damaged")
    return Opened(job["media_type"], text=tidy(text[: 2 * TEXT_LIMIT])[:TEXT_LIMIT])


def _decode(content: bytes) -> str | None:
    marked = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def tidy(text: str) -> str:
    """Return text with plain line ends and without control characters and lone surrogates."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter.isprintable() or letter in KEPT or letter == "\u00a0")
