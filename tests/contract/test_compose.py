"""docker-compose.yml as Docker Compose itself reads it: what is reachable from where, and where secrets are."""

import json
import re

from tests.contract.source import ROOT
from tests.parts.production import DEPLOY, compose_config, services

PARTS = {"api", "media", "worker", "migrate", "postgres", "redis", "store", "store-init", "store-door", "clamd"}
OPEN_TO_OTHERS = {"proxy", "store-door"}


def test_every_production_part_is_described() -> None:
    assert PARTS | {"freshclam", "turn", "proxy"} == set(services())


def test_only_the_door_shares_a_network_with_the_store() -> None:
    found = services()
    assert {name for name, service in found.items() if "store" in service.networks} == {"store", "store-door"}
    assert found["store-init"].network_mode == "service:store"
    networks = json.loads(json.dumps(compose_config()["networks"]))
    assert networks["store"]["internal"] is True
    assert networks["app"]["internal"] is True


def test_only_the_proxy_publishes_ports_beyond_this_machine() -> None:
    found = services()
    assert {name for name, service in found.items() if service.ports} == OPEN_TO_OTHERS
    assert found["store-door"].ports == ("127.0.0.1:8333",)


def test_media_may_have_an_ipv6_address_beside_the_other() -> None:
    def told(**more: str) -> str:
        parts = json.loads(json.dumps(compose_config(**more)["services"]))
        return str(parts["media"]["environment"]["SIGHTLINE_MEDIA_ADDRESSES"])

    assert (told(), told(MEDIA_ADDRESS_IPV6="2001:db8::1")) == ("127.0.0.1", "127.0.0.1,2001:db8::1")


def test_secrets_are_files_and_never_in_the_environment() -> None:
    secrets = json.loads(json.dumps(compose_config()["secrets"]))
    assert all(set(secret) <= {"name", "file"} for secret in secrets.values())
    for service in services().values():
        named = [name for name in service.environment if re.search(r"PASSWORD|SECRET|KEY|TOKEN|_URL$", name)]
        assert set(named) <= {"POSTGRES_PASSWORD_FILE", "SIGHTLINE_PUBLIC_URL", "SIGHTLINE_CONTENT_URL"}, service.name


def test_only_the_worker_has_the_key_that_can_lock() -> None:
    holders = {name for name, service in services().items() if "store_custodian_secret" in service.secrets}
    assert holders == {"store", "worker"}
    assert "database_url" not in services()["media"].secrets


def test_only_the_worker_has_the_key_that_signs() -> None:
    volumes = {
        name: {str(volume["source"]) for volume in service.get("volumes", ()) if volume["type"] == "volume"}
        for name, service in json.loads(json.dumps(compose_config()["services"])).items()
    }
    assert {name for name, mounted in volumes.items() if "signing" in mounted} == {"worker"}


def test_every_file_of_the_folder_is_used() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    files = {path.name for path in DEPLOY.iterdir() if path.is_file()} - {"make-secrets.sh"}
    assert [name for name in sorted(files) if name not in compose] == []
    assert "make-secrets.sh" in (ROOT / "docs/operations.md").read_text()
