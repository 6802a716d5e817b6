"""Opening office documents (ECMA-376): a zip of XML that is checked for traps before anything of it is read."""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from evidence.intake.decoding.jobs import Job, RefusedError
from evidence.intake.decoding.opened import Opened
from evidence.intake.decoding.texts import TEXT_LIMIT, tidy

_BASE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    _BASE + "wordprocessingml.document.main+xml": _BASE + "wordprocessingml.document",
    _BASE + "spreadsheetml.sheet.main+xml": _BASE + "spreadsheetml.sheet",
    _BASE + "presentationml.presentation.main+xml": _BASE + "presentationml.presentation",
}
"""Content type of a package's main part, and what the whole is then."""
TYPES = frozenset(MAIN.values())
CONTENT_TYPES = "[Content_Types].xml"
TEXT_PARTS = re.compile(
    r"(word/(document|footnotes|comments)|ppt/slides/slide\d+|xl/(sharedStrings|worksheets/sheet\d+))\.xml"
)
ENTRIES_LIMIT = 10_000
INSIDE_LIMIT = 512 * 1024 * 1024
"""Bytes a package may unpack to."""
PIECE = 256 * 1024
ENCRYPTED = 0x1
SYMLINK = 0xA000
BREAKS = frozenset({"p", "si", "row", "br", "tr"})


def open_office(job: Job) -> Opened:
    """Check an office package whole: its names, sizes, checksums, what it is, and its text when it is examined.

    Raises: RefusedError with `not_office` for a zip that is none; zipfile.BadZipFile.
    """
    with zipfile.ZipFile(job["path"]) as package:
        parts = package.infolist()
        _check_names(parts)
        _check_sizes(package, parts)
        found = Opened(_type(package))
        slides = sum(1 for part in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", part.filename))
        if slides:
            found.facts = {"pages": slides}
        if job["task"] == "examine":
            found.text = _text(package)
        return found


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > ENTRIES_LIMIT:
        raise RefusedError("too_large_inside")
    names = [part.orig_filename for part in parts]
    if CONTENT_TYPES not in names:
        raise RefusedError("not_office")
    if len({name.lower() for name in names}) != len(names):
        raise RefusedError("unsafe_names")
    for part in parts:
        name = part.orig_filename
        steps = name.split("/")
        if name.startswith("/") or "\\" in name or "\0" in name or ":" in name or {"..", "."} & set(steps):
            raise RefusedError("unsafe_names")
        if part.external_attr >> 16 & 0xF000 == SYMLINK:
            raise RefusedError("unsafe_names")
        if part.flag_bits & ENCRYPTED:
            raise RefusedError("encrypted")
        if name.lower().endswith("vbaproject.bin"):
            raise RefusedError("active_content")


def _check_sizes(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack everything into nothing: what the directory says of sizes may be a lie, and checksums are compared."""
    if sum(part.file_size for part in parts) > INSIDE_LIMIT:
        raise RefusedError("too_large_inside")
    unpacked = 0
    for part in parts:
        with package.open(part) as content:
            while piece := content.read(PIECE):
                unpacked += len(piece)
                if unpacked > INSIDE_LIMIT:
                    raise RefusedError("too_large_inside")


def _type(package: zipfile.ZipFile) -> str:
    found: set[str] = set()

    def begin(_name: str, attributes: dict[str, str]) -> None:
        content_type = attributes.get("ContentType", "")
        if "macroenabled" in content_type.lower():
            raise RefusedError("active_content")
        if content_type in MAIN:
            found.add(MAIN[content_type])

    parser = _parser()
    parser.StartElementHandler = begin
    for piece in _pieces(package, CONTENT_TYPES):
        parser.Parse(piece, False)  # noqa: FBT003  (expat takes no keywords)
    parser.Parse(b"", True)  # noqa: FBT003
    if len(found) != 1:
        raise RefusedError("not_office")
    return found.pop()


def _text(package: zipfile.ZipFile) -> str:
    parts: list[str] = []
    names = [name for name in package.namelist() if TEXT_PARTS.fullmatch(name)]
    for name in sorted(names, key=lambda one: [int(word) if word.isdigit() else 0 for word in re.split(r"(\d+)", one)]):
        parts.append(tidy(_part_text(package, name)))
        if sum(map(len, parts)) > TEXT_LIMIT:
            break
    return "\f".join(part for part in parts if part.strip())[:TEXT_LIMIT]


def _part_text(package: zipfile.ZipFile, name: str) -> str:
    written: list[str] = []
    inside = [False]
    length = [0]

    def begin(tag: str, _attributes: dict[str, str]) -> None:
        inside[0] = tag.rpartition(":")[2] == "t"

    def end(tag: str) -> None:
        inside[0] = False
        if tag.rpartition(":")[2] in BREAKS:
            written.append("\n")

    def take(text: str) -> None:
        if inside[0] and length[0] < TEXT_LIMIT:
            written.append(text)
            length[0] += len(text)

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, take
    for piece in _pieces(package, name):
        parser.Parse(piece, False)  # noqa: FBT003
        if length[0] >= TEXT_LIMIT:
            break
    return "".join(written)


def _pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with package.open(name) as content:
        while piece := content.read(PIECE):
            yield piece


def _parser() -> expat.XMLParserType:
    """Return a parser that refuses document types, and with them entities that grow (ECMA-376 part 2 forbids both)."""

    def refuse(*_declared: object) -> None:
        raise RefusedError("damaged")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    return parser
