"""The way out of the house: an SMTP server when one is set, a file in the data folder when none is."""

import os
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

_TIMEOUT_S: Final = 30.0
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


async def send_by_smtp(url: str, message: EmailMessage) -> None:
    """Hand the mail to an SMTP server.

    Args: url: `smtp://`, `smtp+starttls://` (refuses to send in the clear) or `smtps://`, with user, password and port.
    Raises: aiosmtplib.SMTPException, OSError.
    """
    server = urlsplit(url)
    await aiosmtplib.send(
        message,
        hostname=server.hostname,
        port=server.port or _PORTS[server.scheme],
        username=None if server.username is None else unquote(server.username),
        password=None if server.password is None else unquote(server.password),
        use_tls=server.scheme == "smtps",
        start_tls=True if server.scheme == "smtp+starttls" else None,
        timeout=_TIMEOUT_S,
    )


def write_to_folder(folder: Path, mail_id: UUID, message: EmailMessage) -> Path:
    """Write the mail as a file, whole or not at all; only the owner can read it, for it holds a join link."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{mail_id}.eml"
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path
