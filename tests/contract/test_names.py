"""Names say what a thing is. Words that fit everything, and drawers that hold everything, are refused."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.source import PACKAGES, ROOT, project_files, python_files

EMPTY_WORDS = frozenset({"manager", "helper", "helpers", "util", "utils", "common", "misc", "impl", "info"})
EMPTY_WORDS_OF_CLASSES = EMPTY_WORDS | {"base", "data", "processor", "service", "repository", "factory"}
DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|managers?|core|lib)(/|\.py$|\.tsx?$)")
FROM_LIBRARIES = frozenset({"process_bind_param", "process_result_value"})
"""Names that are not ours to choose."""


def words(name: str) -> set[str]:
    """Return the lower-case words of a snake_case or CamelCase name."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)}


def defined_names(path: Path) -> Iterator[tuple[str, bool]]:
    """Give each class (True) and function (False) name a file defines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            yield node.name, True
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, False


@pytest.mark.parametrize(
    ("name", "expected"),
    [("EvidenceManager", {"evidence", "manager"}), ("get_HTTPInfo", {"get", "http", "info"}), ("uuid7", {"uuid7"})],
)
def test_words_of_a_name_are_found(name: str, expected: set[str]) -> None:
    assert words(name) == expected


def test_no_class_or_function_has_an_empty_word_in_its_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(*PACKAGES, "tests")
        for name, is_class in defined_names(path)
        if words(name) & (EMPTY_WORDS_OF_CLASSES if is_class else EMPTY_WORDS) and name not in FROM_LIBRARIES
    ]
    assert found == []


def test_no_function_says_only_that_it_does_something() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(*PACKAGES, "tests")
        for name, is_class in defined_names(path)
        if not is_class and re.match(r"_*(do|process|handle)(_|$)", name) and name not in FROM_LIBRARIES
    ]
    assert found == []


def test_no_folder_or_file_is_a_drawer() -> None:
    assert [name for name in project_files() if DRAWERS.search(name)] == []
