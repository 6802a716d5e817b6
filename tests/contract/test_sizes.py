"""A function has at most 60 lines and a file at most 400; 40 and 300 are good taste (CONTRIBUTING.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.contract.source import PACKAGES, ROOT, project_files, python_files

FUNCTION_LINES = 60
FILE_LINES = 400
POSITIONAL_PARAMETERS = 5
TABLES_OF_DATA: frozenset[str] = frozenset()
"""Files that are one table of values, with no logic to get lost in."""

SCHEMA_OF_A_REVISION = "server/migrations/versions/"
"""A revision is the list of the tables it makes."""

ONE_FILE_BY_DESIGN = frozenset({"evidence/export/verify.py"})
"""Whoever checks a bundle without us carries this file alone (docs/adr/0005-verifier-in-one-file.md)."""


def functions(path: Path) -> Iterator[tuple[str, int, int]]:
    """Give name, lines and positional parameters of every function in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            positional = [
                one.arg for one in [*node.args.posonlyargs, *node.args.args] if one.arg not in {"self", "cls"}
            ]
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines, len(positional)


def test_no_function_is_longer_than_one_screen() -> None:
    found = [(where, lines) for path in python_files(*PACKAGES, "tests") for where, lines, _ in functions(path)]
    assert [one for one in found if one[1] > FUNCTION_LINES and not one[0].startswith(SCHEMA_OF_A_REVISION)] == []
    assert len(found) > 100


def test_no_function_takes_more_than_five_positional_parameters() -> None:
    found = [(where, count) for path in python_files(*PACKAGES) for where, _, count in functions(path)]
    assert [one for one in found if one[1] > POSITIONAL_PARAMETERS] == []


def test_no_file_is_longer_than_a_newcomer_reads() -> None:
    sources = [ROOT / name for name in project_files() if name.endswith((".ts", ".tsx")) and "schema.d.ts" not in name]
    found = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in [*python_files(*PACKAGES, "tests"), *sources]
    }
    exempt = TABLES_OF_DATA | ONE_FILE_BY_DESIGN
    too_long = {name: lines for name, lines in found.items() if lines > FILE_LINES and name not in exempt}
    assert {name for name in too_long if not name.startswith(SCHEMA_OF_A_REVISION)} == set()
