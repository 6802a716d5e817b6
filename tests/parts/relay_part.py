"""The relay as Compose runs it, in a network of its own with somebody outside of it."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from server.auth.relay import relay_credential
from tests.parts.certificates import write_certificate
from tests.parts.networks import MEDIA, OTHER, TURN, Network, two_networks
from tests.parts.production import ROOT, SITE, Deployment
from tests.parts.relaying import Asked, Got, ask_from
from tests.parts.running import part_folder, running
from tests.waiting import wait_until_blocking

PORTS = {"udp": 3478, "tcp": 3478, "tls": 443}
"""Where the file that Compose mounts has it listen, by transport."""


@dataclass
class Relay:
    """The relay in its network, and people outside of it."""

    deployment: Deployment
    inner: Network
    outer: Network

    @property
    def secret(self) -> str:
        """What it shares with the API."""
        return self.deployment.secret("turn_secret")

    def asked(
        self, transport: str, *, life_s: int = 60, secret: str = "", peer: str = MEDIA, holder: str = "somebody"
    ) -> Asked:
        """Return a wish with credentials that end in `life_s` seconds."""
        expires_at = datetime.now(UTC) + timedelta(seconds=life_s)
        opens = relay_credential(secret or self.secret, holder, expires_at=expires_at)
        certificate = str(self.deployment.secrets / "turn.pem")
        return Asked(transport, TURN, PORTS[transport], opens.username, opens.password, peer, certificate)

    def answer(self, asked: Asked) -> Got:
        """Return what somebody outside gets."""
        return ask_from(self.outer, asked)

    def chromium_outside(self, folder: Path) -> tuple[str, str]:
        """Return what starts Chromium outside, and the flag by which it believes the relay's own certificate."""
        starts = self.outer.script(folder / "chromium", "chromium")
        shown = load_pem_x509_certificate((self.deployment.secrets / "turn.pem").read_bytes()).public_key()
        pin = sha256(shown.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
        return starts, f"--ignore-certificate-errors-spki-list={b64encode(pin).decode()}"

    def works(self) -> bool:
        """Say whether the relay and the echo behind it have started."""
        try:
            return self.answer(self.asked("tcp")).echoed
        except subprocess.CalledProcessError:
            return False


@contextmanager
def relay_part() -> Iterator[Relay]:
    """Run coturn as Compose does, with the deployment's addresses, and an echo on every address beside it."""
    with part_folder("relay") as folder, two_networks() as (inner, outer), ExitStack() as stack:
        deployment = Deployment(folder)
        certificate = deployment.secrets / "turn.pem"
        write_certificate(certificate, certificate.with_suffix(".pem.key"), host=SITE["TURN_NAME"], address=TURN)
        echo = [sys.executable, "-m", "tests.parts.relaying", "echo", MEDIA, OTHER, TURN]
        started = {
            "echo": (echo, {"PYTHONPATH": str(ROOT)}),
            "turn": (
                deployment.command("turn"),
                deployment.environment("turn", {"TURN_ADDRESS": TURN, "MEDIA_ADDRESS": MEDIA}),
            ),
        }
        for name, (command, env) in started.items():
            here = deployment.folder_of(name)
            stack.enter_context(running(inner.command(*command), folder=here, env=env, ready=lambda: True))
        opened = Relay(deployment, inner, outer)
        wait_until_blocking(opened.works, within_s=30)
        yield opened
