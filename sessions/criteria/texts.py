"""Reads an office's file of official texts, CSV or JSON, and says on which line what is wrong."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sessions.criteria.editions import edition_named
from sessions.errors import OfficialTextsInvalid
from sessions.ids import CriterionId, EditionId

FIELDS: Final = ("criterion_id", "text")
"""Columns of the CSV file, keys of each JSON object."""
LONGEST_TEXT: Final = 10_000
LARGEST_FILE_BYTES: Final = 4 * 1024 * 1024
_MOST_PROBLEMS: Final = 100
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE: Final = re.compile(r"[\s]*")


class _Line(NamedTuple):
    number: int
    criterion_id: str
    text: str


class _Problem(NamedTuple):
    line: int
    field: str
    reason: str


def parse_official_texts(edition_id: EditionId, content: bytes, media_type: str) -> Mapping[CriterionId, str]:
    """Return the official text of each criterion in the file.

    Args:
        edition_id: the edition whose criteria the file may name.
        content: UTF-8, with or without a byte order mark, at most 4 MiB; CSV with the header `criterion_id,text`,
            or a JSON list of objects with these two keys.
        media_type: `text/csv` or `application/json`.
    Raises: EditionNotFound; OfficialTextsInvalid with up to 100 problems, each {line (from 1), field, reason}.
    """
    known = {criterion.id for criterion in edition_named(edition_id).criteria}
    problems: list[_Problem] = []
    texts: dict[CriterionId, str] = {}
    for line in _lines(content, media_type):
        if isinstance(line, _Problem):
            problems.append(line)
        elif found := list(_problems_of(line, known, texts)):
            problems.extend(found)
        else:
            texts[line.criterion_id] = line.text
    if not texts and not problems:
        problems.append(_Problem(1, "file", "no texts in it"))
    if problems:
        raise OfficialTextsInvalid(problems=[dict(problem._asdict()) for problem in problems[:_MOST_PROBLEMS]])
    return texts


def _problems_of(line: _Line, known: set[str], seen: Mapping[CriterionId, str]) -> Iterator[_Problem]:
    if line.criterion_id not in known:
        yield _Problem(line.number, "criterion_id", "not in the edition")
    elif line.criterion_id in seen:
        yield _Problem(line.number, "criterion_id", "given twice")
    if not line.text.strip():
        yield _Problem(line.number, "text", "empty")
    elif len(line.text) > LONGEST_TEXT:
        yield _Problem(line.number, "text", f"longer than {LONGEST_TEXT} characters")
    elif _CONTROL.search(line.text):
        yield _Problem(line.number, "text", "contains control characters")


def _lines(content: bytes, media_type: str) -> Iterator[_Line | _Problem]:
    if len(content) > LARGEST_FILE_BYTES:
        yield _Problem(1, "file", f"larger than {LARGEST_FILE_BYTES} bytes")
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield _Problem(content.count(b"\n", 0, error.start) + 1, "file", "not UTF-8")
        return
    if media_type == "text/csv":
        yield from _csv_lines(text)
    elif media_type == "application/json":
        yield from _json_lines(text)
    else:
        yield _Problem(1, "file", "neither text/csv nor application/json")


def _csv_lines(text: str) -> Iterator[_Line | _Problem]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for row in reader:
            if begins == 1:
                if tuple(name.strip() for name in row) != FIELDS:
                    yield _Problem(1, "file", "the first line is not criterion_id,text")
                    return
            elif len(row) == len(FIELDS):
                yield _Line(begins, row[0].strip(), row[1].strip())
            elif row:
                yield _Problem(begins, "file", f"{len(row)} columns, not {len(FIELDS)}")
            begins = reader.line_num + 1
    except csv.Error as error:
        yield _Problem(begins, "file", str(error))


def _json_lines(text: str) -> Iterator[_Line | _Problem]:
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        yield _Problem(1, "file", "not a list")
        return
    at = _after_space(text, at + 1)
    while text[at : at + 1] != "]":
        number = text.count("\n", 0, at) + 1
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
        except json.JSONDecodeError as error:
            yield _Problem(error.lineno, "file", error.msg)
            return
        yield _json_line(number, value)
        at = _after_space(text, end)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            yield _Problem(text.count("\n", 0, at) + 1, "file", "the list goes on without a comma")
            return
    if _after_space(text, at + 1) != len(text):
        yield _Problem(text.count("\n", 0, at) + 1, "file", "something follows the list")


def _json_line(number: int, value: object) -> _Line | _Problem:
    if not isinstance(value, dict) or set(value) != set(FIELDS):
        return _Problem(number, "file", "not an object with criterion_id and text")
    criterion_id, text = value["criterion_id"], value["text"]
    if not isinstance(criterion_id, str) or not isinstance(text, str):
        return _Problem(number, "file", "criterion_id and text are not both strings")
    return _Line(number, criterion_id.strip(), text.strip())


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()
