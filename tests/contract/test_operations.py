"""Every setting is explained in docs/operations.md, and nothing is explained that is not a setting."""

import re

from server.config import PREFIX, Settings
from tests.contract.source import ROOT


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    documented = set(re.findall(rf"^\| `({PREFIX}[A-Z0-9_]+)` \|", text, flags=re.MULTILINE))
    assert documented == {PREFIX + name.upper() for name in Settings.model_fields}
