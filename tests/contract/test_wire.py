"""The wire is written down once: the OpenAPI document is valid, and the web front end's types are made from it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from server.app import document
from tests.contract.source import ROOT


def test_openapi_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_web_types_are_those_of_this_version(tmp_path: Path) -> None:
    """`make openapi` writes them anew."""
    source, made = tmp_path / "openapi.json", tmp_path / "schema.d.ts"
    source.write_text(json.dumps(document()))
    tool = ROOT / "web/node_modules/.bin/openapi-typescript"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [str(tool), str(source), "-o", str(made)]
    subprocess.run(command, cwd=ROOT / "web", env={**os.environ, "PATH": path}, check=True, capture_output=True)
    assert made.read_text() == (ROOT / "web/src/api/schema.d.ts").read_text()
