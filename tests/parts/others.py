"""Redis, clamd and coturn from the system's packages, for the test session."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.parts.running import LOOPBACK, answers, free_port, part_folder, program, running


class ScannerServer(NamedTuple):
    """A running clamd on loopback that knows one signature: the EICAR test text, anywhere in a file."""

    host: str
    port: int


class RelayServer(NamedTuple):
    """A running coturn on loopback and the secret that its short-lived credentials are made with."""

    host: str
    port: int
    secret: str
    realm: str


def eicar() -> bytes:
    """Return the EICAR test text, put together here so that no scanner trips on this file."""
    return b"X5O!P%@AP[4" + rb"\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"


@contextmanager
def redis_server() -> Iterator[str]:
    """Run Redis without persistence until the block ends and give its URL."""
    port = free_port()
    with part_folder("redis") as folder:
        command = [program("redis-server"), "--port", str(port), "--bind", LOOPBACK, "--dir", str(folder)]
        quiet = ["--save", "", "--appendonly", "no"]
        with running([*command, *quiet], folder=folder, ready=lambda: answers(port, b"PING\r\n", b"+PONG")):
            yield f"redis://{LOOPBACK}:{port}/0"


@contextmanager
def clamd_server(port: int | None = None, **limits: str) -> Iterator[ScannerServer]:
    """Run clamd on a database of one signature until the block ends.

    Args:
        port: where it listens; a free one when it does not matter.
        limits: settings of it, as it names them.
    """
    port = port or free_port()
    with part_folder("clamd") as folder:
        (folder / "local.ndb").write_text(f"Local.Eicar-Body:0:*:{eicar().hex()}\n")
        settings = {
            "Foreground": "yes",
            "TCPSocket": port,
            "TCPAddr": LOOPBACK,
            "DatabaseDirectory": folder,
            "TemporaryDirectory": folder,
            "StreamMaxLength": "200M",
            "MaxFileSize": "200M",
            "MaxScanSize": "400M",
            "AlertExceedsMax": "yes",
            "SelfCheck": 0,
        } | limits
        conf = folder / "clamd.conf"
        conf.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        command = [program("clamd"), "-c", str(conf)]
        with running(command, folder=folder, ready=lambda: answers(port, b"zPING\0", b"PONG")):
            yield ScannerServer(LOOPBACK, port)


@contextmanager
def coturn_server() -> Iterator[RelayServer]:
    """Run coturn for time-limited credentials until the block ends; only here may it relay to loopback peers."""
    port, lowest = free_port(socket.SOCK_DGRAM), 40_000 + os.getpid() % 100 * 100
    server = RelayServer(LOOPBACK, port, secrets.token_hex(16), "sightline.test")
    with part_folder("coturn") as folder:
        conf = folder / "turnserver.conf"
        conf.write_text(
            f"listening-ip={LOOPBACK}\nrelay-ip={LOOPBACK}\nlistening-port={port}\nmin-port={lowest}\n"
            f"max-port={lowest + 99}\nrealm={server.realm}\nuse-auth-secret\nstatic-auth-secret={server.secret}\n"
            f"no-tls\nno-dtls\nno-cli\nallow-loopback-peers\nno-multicast-peers\npidfile={folder}/turn.pid\n"
            f"userdb={folder}/turndb\nlog-file={folder}/turn.log\nsimple-log\nno-stdout-log\n"
        )
        command = [program("turnserver"), "-c", str(conf)]
        with running(command, folder=folder, ready=lambda: stun_answers(port)):
            yield server


def stun_answers(port: int) -> bool:
    """Return whether a STUN binding request to the loopback port is answered.

    Source: RFC 8489, 5 and 14: type 0x0001, length 0, magic cookie; success is type 0x0101 with the same transaction.
    """
    transaction = secrets.token_bytes(12)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.2)
        line.sendto(b"\x00\x01\x00\x00\x21\x12\xa4\x42" + transaction, (LOOPBACK, port))
        try:
            answer = line.recv(2048)
        except OSError:
            return False
    return answer[:2] == b"\x01\x01" and answer[8:20] == transaction
