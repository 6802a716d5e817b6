"""What a file's first bytes say it is, whatever its name and its sender say."""

import re
from typing import Final

import filetype

HEAD_BYTES: Final = 4096
"""How much of a file's beginning is looked at."""
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_STILL_BRANDS: Final = _HEIC_BRANDS | _AVIF_BRANDS | {b"mif1", b"msf1"}
_MP4_BRANDS: Final = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"dash",
        b"M4V ",
        b"3gp4",
        b"3gp5",
        b"MSNV",
    }
)
_SIGNATURES: Final = tuple(
    (re.compile(signature, re.DOTALL), media_type)
    for signature, media_type in (
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (rb"%PDF-", "application/pdf"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"II\*\x00|MM\x00\*", "image/tiff"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"PK\x03\x04", "application/zip"),
        (rb"\x1aE\xdf\xa3.{0,60}\x42\x82\x84webm", "video/webm"),
    )
)
_WRITTEN: Final = frozenset({"application/rtf"})
"""Of what `filetype` knows, what is written in letters only and told by more than a few of them."""
_HTML: Final = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")


def sniff(head: bytes) -> str:
    """Return the media type of the content.

    The types that intake opens are told by exact signatures here; `filetype` only names the rest for the refusal.

    Args: head: the first 4096 bytes, or all of a shorter file.
    Returns: a media type, empty when nothing known fits. That the rest of the file fits, only decoding shows.
    """
    for signature, media_type in _SIGNATURES:
        if signature.match(head):
            return media_type
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(_HTML):
        return "text/html"
    guess = filetype.guess_mime(head)
    # It goes by two or three letters for some types, and a table may begin with the very same ones.
    if _is_text(head) and guess not in _WRITTEN:
        return "text/plain"
    return guess if isinstance(guess, str) else ""


def _iso_media(head: bytes) -> str:
    """Return what an ISO base media file says it is by its brands (ISO/IEC 14496-12, 4.3; 23008-12, 10)."""
    length = int.from_bytes(head[:4], "big")
    major = head[8:12]
    brands = {head[at : at + 4] for at in range(16, min(length, len(head)), 4)} | {major}
    if major in _STILL_BRANDS:
        for named, media_type in ((_AVIF_BRANDS, "image/avif"), (_HEIC_BRANDS, "image/heic")):
            if not brands.isdisjoint(named):
                return media_type
        return ""
    if major == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if not brands.isdisjoint(_MP4_BRANDS) and major[:3] != b"M4A" else ""


def _is_text(head: bytes) -> bool:
    """Return whether the head can be the beginning of a text; the whole of it is read later."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True
    return head != b"" and not any(byte < ord(" ") and byte not in b"\t\n\f\r" for byte in head)
