"""The parts that other tests stand on do what those tests take for granted."""

import asyncio
import socket

import asyncpg
import pytest
from botocore.exceptions import ClientError
from redis.asyncio import Redis

from evidence.objects.s3_connection import S3Settings
from tests.parts.guards import ForbiddenTraffic, is_local
from tests.parts.others import RelayServer, ScannerServer, eicar, stun_answers
from tests.parts.stores import S3Server
from tests.waiting import wait_until


async def test_postgres_gives_each_test_a_database_of_its_own(postgres_url: str, empty_postgres_url: str) -> None:
    assert postgres_url != empty_postgres_url
    connection = await asyncpg.connect(empty_postgres_url.replace("+asyncpg", ""))
    try:
        tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    assert tables == 0


def test_store_refuses_deletion_of_a_locked_version(weed: S3Server, s3_settings: S3Settings) -> None:
    client, bucket = weed.client(), s3_settings.bucket
    client.put_object(Bucket=bucket, Key="seal", Body=b"x")
    version = client.list_object_versions(Bucket=bucket)["Versions"][0]["VersionId"]
    client.put_object_legal_hold(Bucket=bucket, Key="seal", VersionId=version, LegalHold={"Status": "ON"})
    with pytest.raises(ClientError) as refused:
        client.delete_object(Bucket=bucket, Key="seal", VersionId=version)
    client.close()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


async def test_redis_answers(redis_url: str) -> None:
    client = Redis.from_url(redis_url)
    try:
        assert await client.ping()
    finally:
        await client.aclose()


async def test_scanner_finds_the_test_text(clamd: ScannerServer) -> None:
    reader, writer = await asyncio.open_connection(clamd.host, clamd.port)
    body = b"%PDF-1.4 " + eicar()
    writer.write(b"zINSTREAM\0" + len(body).to_bytes(4, "big") + body + bytes(4))
    assert b"Local.Eicar-Body.UNOFFICIAL FOUND" in await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_relay_answers(coturn: RelayServer) -> None:
    await wait_until(lambda: stun_answers(coturn.port))


def test_traffic_to_another_machine_is_refused() -> None:
    """192.0.2.1 is an address of documentation (RFC 5737); the refusal comes before a packet is made."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, pytest.raises(ForbiddenTraffic):
        line.sendto(b"x", ("192.0.2.1", 9))
    with pytest.raises(ForbiddenTraffic):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        (None, True),
        ("10.0.0.1", False),
        ("example.org", False),
    ],
)
def test_only_loopback_is_local(host: str | None, *, local: bool) -> None:
    assert is_local(host) is local
