"""The page has words for every reason that a check gives, for every scanner's answer, and for no other."""

import ast
import re
from collections.abc import Iterator

from evidence.examination.rules import CheckName
from evidence.intake.scanning import NotScanned
from tests.contract.source import ROOT

RULES = ROOT / "evidence/examination/rules.py"
WORDS = (ROOT / "web/src/pages/evidence/checkWords.ts").read_text()
BY_LOCKER = {"digest sent_otherwise"}
"""Stated where a file is refused, by no rule."""


def reasons() -> Iterator[str]:
    """Give every reason that stands in a check, after the check's name."""
    for function in ast.parse(RULES.read_text()).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [found for node in ast.walk(function) if (found := _member(node, "CheckName"))]
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id="_result"), args=[_, _, reason]):
                    yield from (f"{CheckName[names[0]]} {word}" for word in _words(reason))
                case ast.Tuple(elts=[_, outcome, reason]) if _member(outcome, "Outcome"):
                    yield from (f"{CheckName[names[0]]} {word}" for word in _words(reason))


def _member(node: ast.AST, enumeration: str) -> str:
    """Return the name of a member of the enumeration; empty when the node is none."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=member) if name == enumeration:
            return member
    return ""


def _words(node: ast.AST) -> Iterator[str]:
    parts = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_reason_of_a_check_has_words() -> None:
    told = set(reasons()) | BY_LOCKER
    assert len(told) > 30
    assert set(re.findall(r'^    "(\w+ \w+)": t`', WORDS, flags=re.MULTILINE)) == told


def test_every_reason_for_no_scan_has_words() -> None:
    section = WORDS.split("function scanSentence", 1)[1].split("function ", 1)[0]
    assert set(re.findall(r"^    (\w+): t`", section, flags=re.MULTILINE)) == set(NotScanned)
