"""Settings: read once, refused when unknown or unreadable, and secrets of our own making made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.config import Settings, load_secret, load_settings, prepare_folders
from server.errors import StartupError


def test_settings_have_defaults_for_one_folder_on_one_machine() -> None:
    """What is not ours is not looked at."""
    settings = load_settings({"PATH": "/bin", "SIGHTLINEX_DATA": "x"})
    assert (settings.host, settings.port, settings.objects, settings.demo) == ("127.0.0.1", 8000, "local", True)
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.database == f"sqlite+aiosqlite:///{Path('data').absolute()}/sightline.db"


def test_settings_are_read_from_their_variables() -> None:
    """As strings, whatever their type."""
    given = {"SIGHTLINE_PORT": "9000", "SIGHTLINE_DEMO": "false", "SIGHTLINE_PUBLIC_URL": "https://site.test/"}
    settings = load_settings(given | {"SIGHTLINE_DATABASE_URL": "postgresql+asyncpg://a:hunter2@db/x"})
    assert (settings.port, settings.demo, settings.origin) == (9000, False, "https://site.test")
    assert settings.database == "postgresql+asyncpg://a:hunter2@db/x"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("name", ["SIGHTLINE_PROT", "SIGHTLINE_", "SIGHTLINE_data"])
def test_unknown_setting_is_refused_by_name(name: str) -> None:
    """A misspelt one would be a setting that silently is not set."""
    with pytest.raises(StartupError, match=f"^unknown setting: {name}$"):
        load_settings({name: "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGHTLINE_PORT", "0"),
        ("SIGHTLINE_PORT", "http"),
        ("SIGHTLINE_OBJECTS", "tape"),
        ("SIGHTLINE_DEMO", "perhaps"),
        ("SIGHTLINE_MEDIA_NAME", "../media"),
        ("SIGHTLINE_MEDIA_ADDRESSES", ""),
        ("SIGHTLINE_MEDIA_ADDRESSES", "media.site.test"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "192.0.2.1 2001:db8::1"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "[2001:db8::1]"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "192.0.2.1,::"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "ff02::1"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "fe80::1"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "fe80::1%eth0"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "::ffff:192.0.2.1"),
        ("SIGHTLINE_MEDIA_ADDRESSES", "2001:db8::1,2001:DB8:0::1"),
        ("SIGHTLINE_TURN_URLS", "https://relay.test"),
        ("SIGHTLINE_TURN_URLS", "turn:relay.test?transport=sctp"),
        ("SIGHTLINE_TURN_SECRET", "of a relay without an address"),
        ("SIGHTLINE_TURN_LIFE_S", "59"),
    ],
)
def test_unreadable_setting_is_refused_by_name(name: str, value: str) -> None:
    """Without its value, which may be a secret in the wrong place."""
    with pytest.raises(StartupError, match=f"^unreadable setting: {name}: ") as refusal:
        load_settings({name: value})
    assert "input_value" not in str(refusal.value)


def test_media_has_addresses_of_both_families() -> None:
    """The best first; each as answers and the kernel write it."""
    assert load_settings({}).media_hosts == ("127.0.0.1",)
    settings = load_settings({"SIGHTLINE_MEDIA_ADDRESSES": "2001:DB8:0:0::1, 192.0.2.1,::1"})
    assert settings.media_hosts == ("2001:db8::1", "192.0.2.1", "::1")


def test_refusal_of_media_addresses_says_why() -> None:
    with pytest.raises(StartupError, match=r"IPv6 without brackets$"):
        load_settings({"SIGHTLINE_MEDIA_ADDRESSES": "[::1]"})
    with pytest.raises(StartupError, match=r"names an address twice$"):
        load_settings({"SIGHTLINE_MEDIA_ADDRESSES": "::1,0::1"})


def test_relay_is_addresses_and_a_secret() -> None:
    """None is normal; an address without its secret opens nothing and is refused."""
    assert load_settings({}).relays == ()
    urls = {"SIGHTLINE_TURN_URLS": "turn:relay.test:3478?transport=udp, turns:[2001:db8::1]:443?transport=tcp,turn:a"}
    settings = load_settings(urls | {"SIGHTLINE_TURN_SECRET": "hunter2"})
    assert settings.relays == ("turn:relay.test:3478?transport=udp", "turns:[2001:db8::1]:443?transport=tcp", "turn:a")
    assert "hunter2" not in repr(settings)
    with pytest.raises(StartupError, match=r"^unreadable setting: SIGHTLINE_TURN_SECRET: "):
        load_settings(urls)


def test_settings_never_change() -> None:
    """Frozen: what a process was started with is what it runs with."""
    settings, name = load_settings({}), "port"
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, name, 1)


def test_folders_are_their_owners_alone(tmp_path: Path) -> None:
    """The data folder, its keys, and the folder of the sockets, whose path is short."""
    settings = Settings(data=tmp_path / "deep" / "data")
    prepare_folders(settings)
    prepare_folders(settings)
    for folder in (settings.root, settings.root / "keys", settings.root / "uploads", settings.runtime):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(str(settings.runtime / f"{'m' * 40}.sock")) <= 107
    settings.runtime.rmdir()


def test_secret_is_made_once(tmp_path: Path) -> None:
    """Many processes that start at once on a fresh folder have the same 32 bytes; nobody else reads the file."""
    settings = Settings(data=tmp_path)
    prepare_folders(settings)
    settings.runtime.rmdir()
    for round_number in range(30):
        name = f"secret-{round_number}"
        with ThreadPoolExecutor(8) as executor:
            made = set(executor.map(lambda wanted: load_secret(settings, wanted), [name] * 8))
        assert len(made) == 1
        assert len(made.pop()) == 32
        assert stat.S_IMODE((settings.root / "keys" / name).stat().st_mode) == 0o600
    assert len(list((settings.root / "keys").iterdir())) == 30
    assert load_secret(settings, "secret-0") != load_secret(settings, "secret-1")
