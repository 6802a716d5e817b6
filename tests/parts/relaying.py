"""Run inside a test's network: a client of the relay that says as JSON what it got, and an echo behind the relay.

python -m tests.parts.relaying ask '{"transport": "udp", ...}'     one `Asked`; prints one `Got`
python -m tests.parts.relaying hold '[{"transport": "udp", ...}, ...]'   many `Asked`; prints the error of each
python -m tests.parts.relaying echo ADDRESS...                     answers UDP on port 7000 of each address
"""

import asyncio
import json
import ssl
import sys
import time
from dataclasses import asdict, dataclass

from aioice import stun
from aioice.turn import TurnClientTcpProtocol, TurnClientUdpProtocol

from tests.parts.networks import Network
from tests.waiting import wait_until

ECHO_PORT = 7000
HEARD_WITHIN_S = 3.0
ASK_WITHIN_S = 10.0
HELD_FROM = 20_000
"""First port of many at once. The system gives out others, and the relay is silent for a while on a port whose last
user went without a word."""


@dataclass(frozen=True)
class Asked:
    """What a client wants: an address of the relay by `transport` (udp, tcp or tls), and an echo of `peer`."""

    transport: str
    server: str
    port: int
    username: str
    password: str
    peer: str
    trusted: str = ""
    """The certificate that TLS is to show, as a file."""
    after_s: float = 0.0
    """A Unix time; when it has come, the allocation is refreshed before anything is sent."""


@dataclass(frozen=True)
class Got:
    """What came of it."""

    relayed: str | None
    """The address at the relay; None without an allocation."""
    error: int | None
    """The relay's error code (RFC 8656, 19): of the allocation, or else of the permission for the peer."""
    echoed: bool


class Heard(asyncio.DatagramProtocol):
    """Keeps that something came back."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Know that the echo came."""
        assert (data, addr[1]) == (b"to whom it may concern", ECHO_PORT)
        self.came.set()


class Echo(asyncio.DatagramProtocol):
    """Sends back what comes."""

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep what to send with."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Send it back."""
        self._transport.sendto(data, addr)


async def connect(asked: Asked, *, port: int = 0) -> TurnClientTcpProtocol | TurnClientUdpProtocol:
    """Open the line to the relay. Args: port: of ours, of UDP; 0 for any."""
    loop, server = asyncio.get_running_loop(), (asked.server, asked.port)
    fields = (server, asked.username, asked.password, 600, 500)
    if asked.transport == "udp":
        local = ("0.0.0.0", port)  # noqa: S104  (inside the test's own network)
        open_line = loop.create_datagram_endpoint(
            lambda: TurnClientUdpProtocol(*fields), local_addr=local, remote_addr=server
        )
        return (await open_line)[1]
    trusted = None
    if asked.transport == "tls":
        trusted = ssl.create_default_context(cafile=asked.trusted)
    return (await loop.create_connection(lambda: TurnClientTcpProtocol(*fields), *server, ssl=trusted))[1]


async def ask(asked: Asked) -> Got:
    """Ask for an address, and over it for an echo."""
    client = await connect(asked)
    heard = Heard()
    try:
        relayed, _ = await client.connect()
    except stun.TransactionFailed as refused:
        return Got(None, refused.response.error_code, echoed=False)
    client.receiver = heard
    if asked.after_s:
        await wait_until(lambda: time.time() > asked.after_s)
        refresh = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST, attributes={"LIFETIME": 600})
        await client.request_with_retry(refresh)
    try:
        await client.send_data(b"to whom it may concern", (asked.peer, ECHO_PORT))
        async with asyncio.timeout(HEARD_WITHIN_S):
            await heard.came.wait()
    except stun.TransactionFailed as refused:
        return Got(relayed, refused.response.error_code, echoed=False)
    except TimeoutError:
        return Got(relayed, None, echoed=False)
    await client.delete()
    return Got(relayed, None, echoed=True)


async def hold(wishes: list[Asked]) -> list[int | None]:
    """Ask for an address for each wish and keep them all; return the relay's error of each, None for an address."""
    clients, errors = [], list[int | None]()
    for number, wish in enumerate(wishes):
        client = await connect(wish, port=HELD_FROM + number)
        try:
            await client.connect()
        except stun.TransactionFailed as refused:
            errors.append(refused.response.error_code)
        else:
            clients.append(client)
            errors.append(None)
    for client in clients:
        await client.delete()
    return errors


async def echo(addresses: list[str]) -> None:
    """Answer on every address for ever."""
    loop = asyncio.get_running_loop()
    for address in addresses:
        await loop.create_datagram_endpoint(Echo, local_addr=(address, ECHO_PORT))
    await loop.create_future()


def ask_from(where: Network, asked: Asked) -> Got:
    """Ask from inside a network. Raises: subprocess.CalledProcessError when there is no line to the relay."""
    said = where.run(sys.executable, "-m", "tests.parts.relaying", "ask", json.dumps(asdict(asked)))
    return Got(**json.loads(said))


def hold_from(where: Network, wishes: list[Asked]) -> list[int | None]:
    """Ask for many from inside a network and keep what there is to the end; return the error of each."""
    given = json.dumps([asdict(wish) for wish in wishes])
    errors: list[int | None] = json.loads(where.run(sys.executable, "-m", "tests.parts.relaying", "hold", given))
    return errors


def main(what: str, *arguments: str) -> None:
    """Do what the command line says."""
    if what == "echo":
        asyncio.run(echo(list(arguments)))
    elif what == "hold":
        wishes = [Asked(**one) for one in json.loads(arguments[0])]
        sys.stdout.write(json.dumps(asyncio.run(hold(wishes))))
    else:
        wish = Asked(**json.loads(arguments[0]))
        sys.stdout.write(json.dumps(asdict(asyncio.run(asyncio.wait_for(ask(wish), ASK_WITHIN_S)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
