"""docs/protocol.md names every message of the socket, every command, and every WHIP and WHEP route."""

import re

from pydantic import TypeAdapter

from server.app import OPERATIONS
from server.live.messages import MESSAGES
from sessions.commands import COMMAND, Command
from tests.contract.source import ROOT

TEXT = (ROOT / "docs/protocol.md").read_text()


def command_types(adapter: TypeAdapter[Command]) -> set[str]:
    """Return the `type` of every command."""
    return set(adapter.json_schema()["discriminator"]["mapping"])


def test_every_socket_message_is_explained() -> None:
    named = set(re.findall(r"`([A-Z]\w+)`", TEXT))
    assert {message.__name__ for message in MESSAGES} - named == set()


def test_every_command_is_explained_and_no_other() -> None:
    section = TEXT.split("## Commands", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"`(\w+\.\w+)`", section)) == command_types(COMMAND)


def test_every_media_route_is_explained_and_no_other() -> None:
    documented = {
        (method, re.sub(r"\{[^}]*\}", "{}", path))
        for method, path in re.findall(r"`([A-Z]+) (/api/wh[ie]p/[^`?]+)[^`]*`", TEXT)
    }
    served = {
        (operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path))
        for operation in OPERATIONS
        if re.match(r"/api/wh[ie]p/", operation.path)
    }
    assert documented == served
