"""The suite keeps its own rules: no mocks, no sleeps, nothing left out, nothing expected to fail."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.contract.source import PACKAGES, ROOT, project_files, python_files

MAY_SLEEP = "tests/waiting.py"
FORBIDDEN_CALLS = frozenset({"asyncio.sleep", "time.sleep", "pytest.skip", "pytest.importorskip", "pytest.xfail"})
FORBIDDEN_MARKS = frozenset({"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "monkeypatch.setattr"})
WEB_TESTS = re.compile(r"\b(it|test|describe)\.(skip|todo|fails)\(|\bvi\.(mock|spyOn)\(")
PROMISES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")


def dotted_names(path: Path) -> Iterator[tuple[str, int]]:
    """Give every dotted name a file uses, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node), node.lineno


def test_tests_wait_for_facts_and_leave_nothing_out() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in python_files("tests")
        for name, line in dotted_names(path)
        if name in FORBIDDEN_CALLS | FORBIDDEN_MARKS and str(path.relative_to(ROOT)) != MAY_SLEEP
    ]
    assert found == []


def test_web_tests_mock_nothing_and_leave_nothing_out() -> None:
    names = [name for name in project_files() if re.search(r"\.test\.tsx?$", name)]
    assert [name for name in names if WEB_TESTS.search((ROOT / name).read_text())] == []


def test_nothing_is_promised_in_the_source() -> None:
    """A stub shipped as done is not merged; what cannot be done yet is said in an issue."""
    sources = [
        ROOT / name for name in project_files() if name.startswith("web/src/") and name.endswith((".ts", ".tsx"))
    ]
    files = [*python_files(*PACKAGES), *sources]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if PROMISES.search(line)
    ]
    assert found == []
