"""The media port's sockets: one for each family of its addresses, all of one number."""

import errno
import socket

from server.errors import StartupError

BUFFER_BYTES = 4 * 1024 * 1024
TRIES = 32
"""So many numbers are tried when any will do and it must be free in both families."""
_ANY = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}  # noqa: S104


class Lines:
    """A socket per family.

    One for both would give IPv4 addresses in IPv6's form, longer to make and to look up with each packet, and could not
    be bound to one address of each.
    """

    def __init__(self, addresses: tuple[str, ...], port: int) -> None:
        """Open them. Args: addresses: what peers are told; port: the number in each family, 0 for any that is free.

        Raises: StartupError when the machine lacks a family; OSError when the number is taken.
        """
        hosts: dict[socket.AddressFamily, list[str]] = {}
        for host in addresses:
            hosts.setdefault(socket.AF_INET6 if ":" in host else socket.AF_INET, []).append(host)
        self.all = _open_all(hosts, port)
        self.number: int = self.all[0].getsockname()[1]
        self.by_parts = {len(line.getsockname()): line for line in self.all}
        """The socket that reaches an address, by how many parts that has: two for IPv4, four for IPv6."""

    def close(self) -> None:
        """Close them."""
        for line in self.all:
            line.close()


def _open_all(hosts: dict[socket.AddressFamily, list[str]], port: int) -> tuple[socket.socket, ...]:
    for _ in range(0 if port else TRIES):
        try:
            return _open_once(hosts, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    return _open_once(hosts, port)


def _open_once(hosts: dict[socket.AddressFamily, list[str]], port: int) -> tuple[socket.socket, ...]:
    lines = list[socket.socket]()
    try:
        for family, told in hosts.items():
            lines.append(_open(family))
            _bind(lines[-1], told, port)
            port = lines[-1].getsockname()[1]
    except OSError:
        for line in lines:
            line.close()
        raise
    return tuple(lines)


def _open(family: socket.AddressFamily) -> socket.socket:
    try:
        line = socket.socket(family, socket.SOCK_DGRAM)
    except OSError as error:
        if error.errno != errno.EAFNOSUPPORT:
            raise
        raise StartupError(f"this machine has no {family.name}: take its media addresses away") from error
    line.settimeout(0)
    if family == socket.AF_INET6:
        line.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # the number is the other socket's in IPv4
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        line.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
    return line


def _bind(line: socket.socket, hosts: list[str], port: int) -> None:
    """Bind to the one address that peers are told; to all when it is not ours, as behind a NAT, or one of several."""
    # From a socket on all addresses the kernel picks where an answer comes from: to the relay on this very machine it
    # would be the relay's own address, and the relay takes nothing from there.
    if len(hosts) == 1:
        try:
            line.bind((hosts[0], port))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
        else:
            return
    line.bind((_ANY[line.family], port))
