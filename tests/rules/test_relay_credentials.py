"""What opens the relay: the values are `openssl dgst -sha1 -hmac SECRET -binary | base64` of the user name."""

from datetime import UTC, datetime

import pytest

from server.auth.relay import relay_credential


@pytest.mark.parametrize(
    ("secret", "holder", "expires_s", "password"),
    [
        ("north-secret", "alice", 1_700_000_000, "g+jb180fcj+xlpA/2mP60OdIgU0="),
        ("s", "", 0, "jRsZKz8Y0n/z5GwH3aMlo31rjzA="),
        ("ünïcode", "0192d0a0-0000-7000-8000-000000000003", 4_102_444_800, "BMQDlOkiHotwBvLiYsenMJLF8Vk="),
    ],
)
def test_credential_is_the_hmac_of_expiry_and_holder(secret: str, holder: str, expires_s: int, password: str) -> None:
    made = relay_credential(secret, holder, expires_at=datetime.fromtimestamp(expires_s, UTC))
    assert made == (f"{expires_s}:{holder}", password)


def test_credential_ends_at_a_whole_second() -> None:
    """The relay reads the number before the colon, and it is rounded down: nobody gets longer than was meant."""
    made = relay_credential("s", "x", expires_at=datetime(2026, 11, 24, 12, 0, 0, 999_999, UTC))
    assert made.username == "1795521600:x"
