"""The layers, and who may use which library: the contracts of `pyproject.toml`, run by import-linter."""

import subprocess
import sys
from pathlib import Path

from tests.contract.source import ROOT


def test_every_import_contract_is_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
