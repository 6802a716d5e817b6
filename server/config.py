"""The one frozen `Settings`, read once from `SIGHTLINE_*` by `__main__`; secrets of our own making live in files."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from evidence.custody.rules import DEFAULT_POLICY, RetentionPolicy
from evidence.items.rules import RetentionClass
from server.errors import StartupError

PREFIX = "SIGHTLINE_"
CUSTODIAN = f"{PREFIX}S3_CUSTODIAN_"
"""What the variables of the custodian's key begin with; the worker alone is given them."""
MEDIA_PROCESSES_MOST = 16
TURN_URL = re.compile(r"turns?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(\?transport=(udp|tcp))?")
"""A relay's address (RFC 7065)."""


def _listed(value: str) -> tuple[str, ...]:
    return tuple(one for one in (part.strip() for part in value.split(",")) if one)


def _media_address(told: str) -> str:
    """Return an address as it is usually written. Raises: ValueError when no peer elsewhere could send to it."""
    try:
        address = ip_address(told)
    except ValueError:
        raise ValueError("not a list of IP addresses with commas between, IPv6 without brackets") from None
    if address.is_unspecified or address.is_multicast:
        raise ValueError("an address is of no machine: name each that peers reach")
    if isinstance(address, IPv6Address) and (address.is_link_local or address.ipv4_mapped is not None):
        raise ValueError("an IPv6 address is link-local or IPv4's in IPv6 form, and peers cannot send to that")
    return str(address)


def _policy(value: str) -> RetentionPolicy:
    pairs = [one.partition("=") for one in _listed(value)]
    if any(not days.isascii() or not days.isdigit() or int(days) < 1 for _, _, days in pairs):
        raise ValueError("not a list of classes and days, such as general=1825, with commas between")
    set_days = {RetentionClass(name): int(days) for name, _, days in pairs}
    return RetentionPolicy(days={**DEFAULT_POLICY.days, **set_days})


class Settings(BaseSettings):
    """Everything an operator can set; each field is the variable `SIGHTLINE_<NAME>` (docs/operations.md)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    objects: Literal["local", "s3"] = "local"
    s3_endpoint: str = ""
    s3_bucket: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: SecretStr = SecretStr("")
    s3_secret_key: SecretStr = SecretStr("")
    s3_custodian_access_key: SecretStr = SecretStr("")
    s3_custodian_secret_key: SecretStr = SecretStr("")
    retention_days: str = ""
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "sightline@localhost"
    media_name: str = Field(default="media-0", pattern=r"^[a-z0-9-]{1,40}$")
    media_processes: int = Field(default=1, ge=1, le=MEDIA_PROCESSES_MOST)
    media_addresses: str = "127.0.0.1"
    media_port: int = Field(default=0, ge=0, le=65535 - MEDIA_PROCESSES_MOST)
    turn_urls: str = ""
    turn_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    turn_life_s: int = Field(default=3600, ge=60, le=86_400)
    metrics_token: SecretStr = SecretStr("")
    office_name: str = "Sightline demo office"
    demo: bool = True
    trusted_proxies: str = ""
    clamd: str = Field(default="", pattern=r"^([A-Za-z0-9.-]{1,200}:[0-9]{1,5})?$")
    content_url: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.:-]{1,200})?$")
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @field_validator("media_addresses")
    @classmethod
    def _are_ip_addresses(cls, value: str) -> str:
        """Return them as the kernel writes them, so that one is the same however it is spelt."""
        told = [_media_address(one) for one in _listed(value)]
        if not told:
            raise ValueError("names no address")
        if len(told) > len(set(told)):
            raise ValueError("names an address twice")
        return ",".join(told)

    @field_validator("retention_days")
    @classmethod
    def _are_days(cls, value: str) -> str:
        _policy(value)
        return value

    @field_validator("turn_urls")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        if any(TURN_URL.fullmatch(one) is None for one in _listed(value)):
            raise ValueError("not a list of turn: and turns: addresses with commas between")
        return value

    @field_validator("turn_secret")
    @classmethod
    def _goes_with_addresses(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(value.get_secret_value()) != bool(info.data.get("turn_urls")):
            raise ValueError(f"goes together with {PREFIX}TURN_URLS")
        return value

    @property
    def media_hosts(self) -> tuple[str, ...]:
        """Addresses that peers send media to, IPv4 and IPv6, the best first; at least one."""
        return _listed(self.media_addresses)

    @property
    def retention(self) -> RetentionPolicy:
        """How long each class of items is kept; what is not set is as in `DEFAULT_POLICY`."""
        return _policy(self.retention_days)

    @property
    def relays(self) -> tuple[str, ...]:
        """Addresses of the relay, the best first; none is normal, and then media goes directly or not at all."""
        return _listed(self.turn_urls)

    @property
    def root(self) -> Path:
        """The data folder as an absolute path."""
        return self.data.absolute()

    @property
    def origin(self) -> str:
        """Scheme, host and port under which people reach the pages."""
        scheme = "https" if self.tls_certificate else "http"
        return self.public_url.rstrip("/") or f"{scheme}://{self.host}:{self.port}"

    @property
    def media_names(self) -> tuple[str, ...]:
        """The media processes' names, the first one's as it is set; each keeps its spool and reports under its own."""
        return tuple(map(self.media_name_of, range(self.media_processes)))

    def media_name_of(self, number: int) -> str:
        """Return the name of a media process, wanted or no longer wanted. Args: number: from 0."""
        stem = self.media_name.removesuffix("-0")
        return f"{stem}-{number}" if number else self.media_name

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in the data folder unless another is set."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.root / 'sightline.db'}"

    @property
    def runtime(self) -> Path:
        """A short folder for sockets: a socket's path may have 107 bytes, a data folder's may be longer."""
        mark = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"sightline-{os.getuid()}-{mark}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args: environment: the variables, the process's own when None.
    Raises: StartupError naming each unknown or unreadable variable.
    """
    names = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise StartupError(f"unknown setting: {', '.join(unknown)}")
    given = {name.removeprefix(PREFIX).lower(): value for name, value in names.items() if name in known}
    try:
        return Settings.model_validate_strings(given)
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise StartupError(f"unreadable setting: {wrong}") from None


def prepare_folders(settings: Settings) -> None:
    """Make the data and runtime folders, readable by their owner alone."""
    for folder in (settings.root, settings.root / "keys", settings.root / "uploads", settings.runtime):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = settings.runtime.stat().st_uid
    if owner != os.getuid():
        raise StartupError(f"{settings.runtime} belongs to another user")


def load_secret(settings: Settings, name: str) -> bytes:
    """Return the secret `name` of this deployment, made once with mode 0600 in the data folder.

    Returns: 32 random bytes.
    """
    path = settings.root / "keys" / name
    if not path.exists():
        _make_secret(path)
    return bytes.fromhex(path.read_text().strip())


def _make_secret(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        # Linked whole: of two processes starting at once one secret wins, and neither reads an empty one.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
