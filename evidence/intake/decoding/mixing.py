"""Files that are two things at once: a picture for one reader, an archive or a page for another."""

import os
import struct
from pathlib import Path
from typing import BinaryIO

from evidence.intake.decoding.jobs import RefusedError

TAIL_BYTES = 66_000
"""A zip's end record with the longest comment (APPNOTE 4.3.16)."""
HEAD_BYTES = 4096
ZIP_END, ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
END_RECORD = struct.Struct("<12sL6x")
"""Up to the directory's size, which is at byte 12, and what comes after it."""
PAGES = (b"<script", b"<html", b"<!doctype html", b"<?php")
PDF_MARK, PDF_WITHIN = b"%PDF-", 1024
"""Readers look for a PDF's mark in the first 1024 bytes (ISO 32000-1, annex H)."""


def refuse_mixture(path: str, media_type: str) -> None:
    """Refuse a picture, paper or video that is also an archive, a page or a PDF; no camera makes one.

    What some phones append to a picture (a short video, a second picture) is no mixture: neither is opened by that.

    Raises: RefusedError with `polyglot`.
    """
    with Path(path).open("rb") as file:
        head = file.read(HEAD_BYTES)
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - TAIL_BYTES))
        tail = file.read()
        is_archive = _ends_as_archive(file, tail, length)
    is_pdf = media_type != "application/pdf" and PDF_MARK in head[:PDF_WITHIN]
    is_page = not media_type.startswith("text/") and any(mark in head.lower() for mark in PAGES)
    if is_archive or is_pdf or is_page:
        raise RefusedError("polyglot")


def _ends_as_archive(file: BinaryIO, tail: bytes, length: int) -> bool:
    """Return whether an end record is there whose directory of entries really stands before it."""
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) - at < END_RECORD.size:
        return False
    _mark, size = END_RECORD.unpack_from(tail, at)
    begins = length - len(tail) + at - size
    if size == 0 or begins < 0:
        return False
    file.seek(begins)
    return file.read(len(ZIP_ENTRY)) == ZIP_ENTRY
