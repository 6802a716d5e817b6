"""Every refusal has a row in the problem table, a code of its own and a sentence."""

import re
from collections.abc import Iterator
from importlib import import_module

from evidence.errors import EvidenceError
from server.errors import ServerError
from server.http.problems import STATUS
from sessions.errors import SessionsError
from tests.contract.source import PACKAGES, module_name, python_files


def refusals() -> list[type[Exception]]:
    """Return every subclass of the three roots, wherever it is defined."""
    for path in python_files(*PACKAGES):
        if path.name != "__main__.py" and "migrations" not in path.parts:
            import_module(module_name(path))

    def below(cls: type[Exception]) -> Iterator[type[Exception]]:
        for child in cls.__subclasses__():
            yield child
            yield from below(child)

    return [error for root in (EvidenceError, SessionsError, ServerError) for error in below(root)]


def test_every_refusal_has_a_status() -> None:
    leaves = [error for error in refusals() if "code" in vars(error)]
    assert [error.__qualname__ for error in leaves if error not in STATUS] == []


def test_every_refusal_has_a_code_of_its_own_and_a_sentence() -> None:
    codes: dict[str, type[Exception]] = {}
    for error in refusals():
        if "code" not in vars(error):
            continue
        code = str(vars(error)["code"])
        assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", code)
        assert codes.setdefault(code, error) is error
        assert (error.__doc__ or "").strip().splitlines()[0].endswith((".", ";")), error
    assert len(codes) >= 8
