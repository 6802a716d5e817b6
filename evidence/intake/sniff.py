"""What a file's first bytes say it is, whatever its name and its sender say."""

from typing import Final

import filetype

HEAD_BYTES: Final = 4096
"""How much of a file's beginning is looked at."""
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_GENERIC_BRANDS: Final = frozenset({b"mif1", b"msf1"})
_HTML: Final = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")


def sniff(head: bytes) -> str:
    """Return the media type of the content.

    The types that intake opens are told by exact signatures here; `filetype` only names the rest for the refusal.

    Args: head: the first 4096 bytes, or all of a shorter file.
    Returns: a media type, empty when nothing known fits. That the rest of the file fits, only decoding shows.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"):
        return "image/png"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if _is_heic(head):
        return "image/heic"
    if head.lstrip()[:9].lower().startswith(_HTML):
        return "text/html"
    guess = filetype.guess_mime(head)
    return guess if isinstance(guess, str) else ""


def _is_heic(head: bytes) -> bool:
    """Return whether the head is an ISO base media file of still HEVC pictures (ISO/IEC 23008-12, 10)."""
    if head[4:8] != b"ftyp":
        return False
    length = int.from_bytes(head[:4], "big")
    brands = {head[at : at + 4] for at in range(16, min(length, len(head)), 4)}
    return head[8:12] in _HEIC_BRANDS or (head[8:12] in _GENERIC_BRANDS and not brands.isdisjoint(_HEIC_BRANDS))
