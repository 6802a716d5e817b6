"""Every production part starts with the command and files of docker-compose.yml, and does what it is there for."""

import asyncio
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import NamedTuple

import asyncpg
import boto3
import pytest
from botocore.exceptions import ClientError
from redis import Redis
from redis.exceptions import AuthenticationError
from types_boto3_s3 import S3Client

from tests.parts.certificates import write_certificate
from tests.parts.others import eicar, stun_answers
from tests.parts.postgres import server_account, takes_connections
from tests.parts.production import SITE, Deployment
from tests.parts.running import LOOPBACK, answers, free_port, part_folder, running
from tests.parts.stores import CONFIG
from tests.waiting import wait_until_blocking

STORE_ADDRESS = "127.0.0.2"
"""Stands for the store's address in its network; the rest of the store is on 127.0.0.1, its own loopback."""


class Ports(NamedTuple):
    """Where the parts of this deployment listen."""

    postgres: int
    redis: int
    store: int
    store_filer: int
    store_master: int
    store_master_grpc: int
    store_door: int
    clamd: int
    turn: int
    turn_tls: int
    api: int
    plain: int
    tls: int


class Running(NamedTuple):
    """A deployment whose parts run."""

    deployment: Deployment
    ports: Ports

    def store_client(self, identity: str) -> S3Client:
        """Return a client of the store through its door, as `app` or as `custodian`."""
        client: S3Client = boto3.client(
            "s3",
            endpoint_url=f"http://{LOOPBACK}:{self.ports.store_door}",
            region_name="us-east-1",
            aws_access_key_id=self.deployment.secret(f"store_{identity}_key"),
            aws_secret_access_key=self.deployment.secret(f"store_{identity}_secret"),
            config=CONFIG,
        )
        return client

    def get(self, path: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask the site through the proxy, over TLS with its certificate; return status, headers and body."""
        trusted = ssl.create_default_context(cafile=str(self.deployment.secrets / "site.pem"))
        line = http.client.HTTPSConnection(LOOPBACK, self.ports.tls, context=trusted, timeout=10)
        with closing(line):
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()


@pytest.fixture(scope="module")
def production() -> Iterator[Running]:
    """Start every part that is not ours, in the order of their dependencies."""
    ports = Ports(*(free_port() for _ in Ports._fields))
    with part_folder("production") as folder, ExitStack() as stack:
        deployment = Deployment(folder)
        password = deployment.secret("postgres_password")
        database = f"postgresql+asyncpg://sightline:{password}@{LOOPBACK}:{ports.postgres}/sightline"
        deployment.rewrite_secret("database_url", database)
        redis = f"redis://:{deployment.secret('redis_password')}@{LOOPBACK}:{ports.redis}/0"
        deployment.rewrite_secret("redis_url", redis)
        for name in ("site", "turn"):
            path = deployment.secrets / f"{name}.pem"
            write_certificate(path, path.with_suffix(".pem.key"), host=SITE[f"{name.upper()}_NAME"], address=LOOPBACK)
        run_postgres(stack, deployment, ports)
        run_others(stack, deployment, ports)
        yield Running(deployment, ports)


@pytest.fixture(scope="module")
def site(production: Running) -> Iterator[Running]:
    """Start our own processes on those parts, and the proxy before them."""
    with ExitStack() as stack:
        run_sightline(stack, production.deployment, production.ports)
        yield production


def run_postgres(stack: ExitStack, deployment: Deployment, ports: Ports) -> None:
    """Start PostgreSQL as the image's entrypoint does: make the cluster once, then run Compose's command."""
    account, folder = server_account(), deployment.folder_of("postgres")
    password = folder / "password"
    password.write_text(deployment.secret("postgres_password"))
    account.owns(folder)
    account.owns(password)
    flags = deployment.services["postgres"].environment["POSTGRES_INITDB_ARGS"].split()
    account.initdb(folder / "cluster", "-U", "sightline", f"--pwfile={password}", *flags)
    here = ["-D", str(folder / "cluster"), "-c", f"port={ports.postgres}", "-c", f"unix_socket_directories={folder}"]
    command = [*deployment.command("postgres"), *here, "-c", f"listen_addresses={LOOPBACK}"]
    ready = partial(takes_connections, ports.postgres)
    stack.enter_context(running(command, folder=folder, user=account.name, ready=ready))

    async def create() -> None:
        connection = await asyncpg.connect(
            host=str(folder),
            port=ports.postgres,
            user="sightline",
            database="postgres",
            password=deployment.secret("postgres_password"),
        )
        await connection.execute("CREATE DATABASE sightline")
        await connection.close()

    asyncio.run(create())


def run_others(stack: ExitStack, deployment: Deployment, ports: Ports) -> None:
    """Start Redis, the store with its init job and its door, the scanner and the relay."""
    here = {"LISTEN": LOOPBACK}
    redis = {**here, "PORT": str(ports.redis)}
    stack.enter_context(deployment.part("redis", redis, lambda: answers(ports.redis, b"PING\r\n", b"-NOAUTH")))
    names = ["S3_GRPC_PORT", "FILER_GRPC_PORT", "VOLUME_PORT", "VOLUME_GRPC_PORT"]
    store = {
        **{name: str(free_port()) for name in names},
        "LISTEN": STORE_ADDRESS,
        "PORT": str(ports.store),
        "STORE_DATA": str(deployment.folder_of("store")),
        "FILER_PORT": str(ports.store_filer),
        "MASTER_PORT": str(ports.store_master),
        "MASTER_GRPC_PORT": str(ports.store_master_grpc),
    }
    door = {**here, "PORT": str(ports.store_door), "STORE": f"{STORE_ADDRESS}:{ports.store}"}
    stack.enter_context(deployment.part("store", store, lambda: listens(STORE_ADDRESS, ports.store)))
    deployment.run_once("store-init", store)
    stack.enter_context(deployment.part("store-door", door, lambda: listens(LOOPBACK, ports.store_door)))
    signatures = deployment.folder / "signatures"
    signatures.mkdir()
    (signatures / "local.ndb").write_text(f"Local.Eicar-Body:0:*:{eicar().hex()}\n")
    clamd = {**here, "PORT": str(ports.clamd), "SIGNATURES": str(signatures)}
    stack.enter_context(deployment.part("clamd", clamd, lambda: answers(ports.clamd, b"zPING\0", b"PONG")))
    relay = {"PORT": str(ports.turn), "TLS_PORT": str(ports.turn_tls)}
    stack.enter_context(deployment.part("turn", relay, lambda: stun_answers(ports.turn)))


def run_sightline(stack: ExitStack, deployment: Deployment, ports: Ports) -> None:
    """Start our own processes and the proxy before them."""
    data = deployment.folder_of("data")
    ours = {
        "SIGHTLINE_DATA": str(data),
        "SIGHTLINE_PORT": str(ports.api),
        "SIGHTLINE_S3_ENDPOINT": f"http://{LOOPBACK}:{ports.store_door}",
        "SIGHTLINE_CLAMD": f"{LOOPBACK}:{ports.clamd}",
        "TMPDIR": str(deployment.folder_of("sockets")),
    }
    deployment.run_once("migrate", ours)
    stack.enter_context(deployment.part("media", ours, lambda: True))
    stack.enter_context(deployment.part("worker", ours, lambda: True))
    api = {**ours, "SIGHTLINE_HOST": LOOPBACK}
    stack.enter_context(deployment.part("api", api, lambda: is_ready(ports.api)))
    proxy = {"LISTEN": LOOPBACK, "PORT": str(ports.plain), "TLS_PORT": str(ports.tls), "API": f"{LOOPBACK}:{ports.api}"}
    stack.enter_context(deployment.part("proxy", proxy, lambda: listens(LOOPBACK, ports.tls)))


def listens(address: str, port: int) -> bool:
    """Return whether a TCP connection is taken."""
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True


def is_ready(port: int) -> bool:
    """Return whether the API says that its parts answer."""
    question = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return answers(port, question, b"HTTP/1.1 200")


async def test_database_lets_in_the_one_user_with_its_password(production: Running) -> None:
    url = production.deployment.secret("database_url").replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        assert await connection.fetchval("SHOW fsync") == "on"
    finally:
        await connection.close()
    wrong = url.replace(production.deployment.secret("postgres_password"), "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


def test_fan_out_answers_only_with_the_password(production: Running) -> None:
    with Redis.from_url(production.deployment.secret("redis_url")) as client:
        assert client.ping()
    with Redis(host=LOOPBACK, port=production.ports.redis) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()


def test_store_offers_its_s3_port_and_nothing_else(production: Running) -> None:
    ports = production.ports
    assert listens(STORE_ADDRESS, ports.store)
    for port in (ports.store_filer, ports.store_master, ports.store_master_grpc):
        assert listens(LOOPBACK, port)
        assert not listens(STORE_ADDRESS, port)


def test_only_the_custodian_can_lock_and_then_nobody_can_delete(production: Running) -> None:
    app, custodian = production.store_client("app"), production.store_client("custodian")
    lock = custodian.get_object_lock_configuration(Bucket="evidence")["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    version = app.put_object(Bucket="evidence", Key="probe/seal", Body=b"x")["VersionId"]

    def hold(client: S3Client) -> None:
        client.put_object_legal_hold(Bucket="evidence", Key="probe/seal", VersionId=version, LegalHold={"Status": "ON"})

    with pytest.raises(ClientError, match="AccessDenied"):
        hold(app)
    hold(custodian)
    with pytest.raises(ClientError, match="AccessDenied"):
        custodian.delete_object(Bucket="evidence", Key="probe/seal", VersionId=version)
    app.close()
    custodian.close()


def test_scanner_finds_the_test_text(production: Running) -> None:
    body = eicar()
    question = b"zINSTREAM\0" + len(body).to_bytes(4, "big") + body + bytes(4)
    assert answers(production.ports.clamd, question, b"stream: Local.Eicar-Body.UNOFFICIAL FOUND")


def test_relay_speaks_tls(production: Running) -> None:
    trusted = ssl.create_default_context(cafile=str(production.deployment.secrets / "turn.pem"))
    with (
        socket.create_connection((LOOPBACK, production.ports.turn_tls), timeout=5) as line,
        trusted.wrap_socket(line, server_hostname=SITE["TURN_NAME"]) as secured,
    ):
        secured.sendall(b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12))
        assert secured.recv(2048)[:2] == b"\x01\x01"


def test_site_is_ready_behind_tls(site: Running) -> None:
    wait_until_blocking(lambda: site.get("/readyz")[0] == 200, within_s=20)
    _, headers, _ = site.get("/readyz")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert site.get("/metrics")[0] == 404
    assert json.loads(site.get("/api/me")[2])["code"] == "not_signed_in"


def test_plain_http_is_sent_to_tls(site: Running) -> None:
    line = http.client.HTTPConnection(LOOPBACK, site.ports.plain, timeout=5)
    line.request("GET", "/enter", headers={"Host": SITE["SITE_NAME"]})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{SITE['SITE_NAME']}/enter")
    line.close()
