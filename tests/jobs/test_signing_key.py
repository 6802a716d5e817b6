"""The deployment's signing key: made once by the worker, and never a second time."""

from pathlib import Path

import pytest

from server.config import Settings, prepare_folders
from server.errors import StartupError
from server.jobs.working import open_signer
from server.keys import read_public_key, signing_key_path


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    """A worker without its volume, or a command run beside the API, stops instead of signing as somebody else."""
    settings = Settings.model_validate({"data": tmp_path / "data"})
    prepare_folders(settings)
    made = open_signer(settings)
    assert open_signer(settings).vkey == made.vkey == read_public_key(settings)
    assert signing_key_path(settings).parent.stat().st_mode & 0o777 == 0o700
    signing_key_path(settings).unlink()
    with pytest.raises(StartupError, match="the signing key is not at"):
        open_signer(settings)
    assert read_public_key(settings) == made.vkey
