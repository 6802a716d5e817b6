"""Checks that prove something and those that do not, read and answered by aioice's own codec. RFC 8445, RFC 8489."""

import pytest
from aioice import stun
from hypothesis import example, given
from hypothesis import strategies as st

from server.media.transport.ice import CHECK_BYTES, Credentials, IceLite, is_stun, new_credentials, read_check

THEIRS = "peer"
ADDRESS = ("192.0.2.7", 50_000)


def check_of(
    ice: IceLite, *, username: str | None = None, password: str | None = None, nominates: bool = False, extra: int = 0
) -> bytes:
    """Return a browser's check; one whose password is empty proves nothing at all."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ice.credentials.ufrag}:{THEIRS}" if username is None else username
    message.attributes["ICE-CONTROLLING"] = 7
    message.attributes["PRIORITY"] = 1 << 24
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    if extra:
        message.attributes["SOFTWARE"] = "x" * extra
    if password != "":
        message.add_message_integrity((ice.credentials.password if password is None else password).encode())
    return bytes(message)


def side() -> IceLite:
    """Return our side of a connection with the peer."""
    return IceLite(remote_ufrag=THEIRS)


def resized(datagram: bytes) -> bytes:
    """Return a message whose length field says what it has."""
    return datagram[:2] + (len(datagram) - 20).to_bytes(2) + datagram[4:]


def test_credentials_are_of_ices_letters_and_never_the_same() -> None:
    """RFC 8445, 5.3: 24 bits of ufrag, 128 of password, of letters, digits, plus and slash."""
    many = {new_credentials() for _ in range(300)}
    assert len({one.ufrag for one in many}) == len({one.password for one in many}) == 300
    for one in many:
        assert (len(one.ufrag) >= 4, len(one.password) >= 22) == (True, True)
        assert all(letter.isascii() and (letter.isalnum() or letter in "+/") for letter in one.ufrag + one.password)


@pytest.mark.parametrize("nominates", [True, False])
def test_proved_check_is_answered(*, nominates: bool) -> None:
    """RFC 8489, 6.3.1: same transaction, where it came from, and proved by the same password."""
    ice = side()
    datagram = check_of(ice, nominates=nominates)
    check = read_check(datagram)
    assert check is not None
    assert check.ufrag == ice.credentials.ufrag
    reply = ice.answer(check, ADDRESS, 5.0)
    assert reply is not None
    assert (reply.nominates, ice.checked_s) == (nominates, 5.0)
    message = stun.parse_message(reply.datagram)
    assert (message.message_method, message.message_class) == (stun.Method.BINDING, stun.Class.RESPONSE)
    assert message.transaction_id == stun.parse_message(datagram).transaction_id
    assert message.attributes["XOR-MAPPED-ADDRESS"] == ADDRESS
    assert message.check_message_integrity(ice.credentials.password.encode())
    assert "FINGERPRINT" in message.attributes


def test_ipv6_address_is_told_under_cookie_and_transaction() -> None:
    """RFC 8489, 14.2: all sixteen bytes are XORed. The vector is RFC 5769's, 2.3."""
    ice = side()
    message = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, transaction_id=bytes.fromhex("b7e7a701bc34d686fa87dfae")
    )
    message.attributes["USERNAME"] = f"{ice.credentials.ufrag}:{THEIRS}"
    message.add_message_integrity(ice.credentials.password.encode())
    check = read_check(bytes(message))
    assert check is not None
    reply = ice.answer(check, ("2001:db8:1234:5678:11:2233:4455:6677", 32_853, 0, 3), 5.0)
    assert reply is not None
    assert reply.datagram[20:44].hex() == "00200014" + "0002a147" + "0113a9faa5d3f179bc25f4b5bed2b9d9"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        (None, "another-password-of-24-c"),
        (None, ""),
        ("", None),
        ("nobody:peer", None),
        (":peer", None),
        ("{ours}:somebody", None),
        ("{ours}", None),
        ("{ours}:", None),
        ("{ours}:peer:more", None),
        ("peer:{ours}", None),
        ("{ours}:peer\0", None),
    ],
)
def test_check_that_proves_nothing_is_not_answered(username: str | None, password: str | None) -> None:
    """Wrong password, no integrity, somebody else's or no name: silence, and no consent."""
    ice = side()
    named = None if username is None else username.format(ours=ice.credentials.ufrag)
    check = read_check(check_of(ice, username=named, password=password))
    assert check is not None
    assert ice.answer(check, ADDRESS, 5.0) is None
    assert ice.checked_s == 0.0


def test_what_follows_the_proof_counts_for_nothing() -> None:
    """RFC 8489, 14.5: somebody on the path can add a nomination, but cannot prove it."""
    ice = side()
    unsigned = check_of(ice)[:-8]  # without the fingerprint, which would not match
    check = read_check(resized(unsigned + bytes.fromhex("0025 0000")))
    assert check is not None
    reply = ice.answer(check, ADDRESS, 5.0)
    assert reply is None or not reply.nominates


def test_changed_byte_is_never_proved() -> None:
    """Each byte but those of the fingerprint is under the password."""
    ice = side()
    datagram = check_of(ice, nominates=True)[:-8]
    datagram = resized(datagram)
    integrity = len(datagram) - 24
    for at in (*range(20, integrity), *range(integrity + 4, len(datagram))):
        changed = datagram[:at] + bytes([datagram[at] ^ 1]) + datagram[at + 1 :]
        check = read_check(changed)
        assert check is None or ice.answer(check, ADDRESS, 5.0) is None


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        (stun.Method.BINDING, stun.Class.RESPONSE),
        (stun.Method.BINDING, stun.Class.ERROR),
        (stun.Method.BINDING, stun.Class.INDICATION),
        (stun.Method.ALLOCATE, stun.Class.REQUEST),
        (stun.Method.SEND, stun.Class.INDICATION),
    ],
)
def test_only_binding_requests_are_checks(method: stun.Method, kind: stun.Class) -> None:
    message = stun.Message(method, kind, attributes={"USERNAME": "a:b"})
    message.add_message_integrity(b"key")
    assert read_check(bytes(message)) is None


def test_long_check_is_not_read() -> None:
    """Nobody makes us hash a kilobyte for a stranger."""
    ice = side()
    fits, too_long = check_of(ice, extra=700), check_of(ice, extra=1_000)
    assert len(fits) <= CHECK_BYTES < len(too_long)
    assert read_check(fits) is not None
    assert read_check(too_long) is None


@pytest.mark.parametrize(("first", "stuns"), [(0, True), (1, True), (3, True), (4, False), (20, False), (128, False)])
def test_stun_is_told_by_the_first_byte(first: int, *, stuns: bool) -> None:
    assert is_stun(bytes([first, 0])) is stuns


KNOWN = IceLite(Credentials("ours", "our-password-of-24-chars"), THEIRS)
COOKIE = bytes.fromhex("2112a442") + bytes(12)
ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from([1, 6, 8, 9, 0x14, 0x20, 0x24, 0x25, 0x8022, 0x8028, 0x8029, 0x7777]), st.binary(max_size=40)
    ),
    max_size=6,
)


def written(attributes: list[tuple[int, bytes]]) -> bytes:
    """Return a binding request with raw attributes."""
    body = b"".join(
        kind.to_bytes(2) + len(value).to_bytes(2) + value + bytes(-len(value) % 4) for kind, value in attributes
    )
    return b"\x00\x01" + len(body).to_bytes(2) + COOKIE + body


@given(st.one_of(st.binary(max_size=CHECK_BYTES + 50), ATTRIBUTES.map(written)))
@example(written([(6, b"ours:peer"), (8, b"")]))
@example(written([(6, b"ours:peer"), (8, bytes(20))]))
@example(written([(6, b"\xff\xfe")]))
@example(written([(8, bytes(20)), (6, b"ours:peer")]))
@example(written([(0x20, b"\x00\x02")]))
@example(b"\x00\x01\x00\x04" + COOKIE + b"\x00\x06\xff\xff")
def test_any_bytes_prove_nothing(datagram: bytes) -> None:
    """No password, no answer; and nothing escapes, however the attributes lie."""
    check = read_check(datagram)
    assert check is None or KNOWN.answer(check, ADDRESS, 5.0) is None
    for cut in range(0, len(check_of(KNOWN)), 7):
        assert read_check(check_of(KNOWN)[:cut]) is None
    assert KNOWN.checked_s == 0.0
