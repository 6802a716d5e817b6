"""The exact bytes of entries, and the checkpoint note checked by hand-made values."""

import json
import stat
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from evidence.ids import LogId
from evidence.ledger.checkpoints import (
    Checkpoint,
    Signer,
    checkpoint_text,
    open_checkpoint,
    origin_of,
    read_checkpoint,
    read_vkey,
    sign_checkpoint,
)
from evidence.ledger.errors import BodyInvalid, LogEmpty, NoteInvalid, SigningKeyExposed
from evidence.ledger.events import Actor, EntryClass, EntryDraft, LogKind
from evidence.ledger.rules import (
    Audience,
    Header,
    body_bytes,
    commitment,
    entry_leaf,
    header_bytes,
    read_body,
    readable_classes,
)
from evidence.ledger.signing_key import load_or_create_signer
from evidence.records import Json

LOG = LogId(UUID("0190a000-0000-7000-8000-0000000000aa"))
ACTOR = Actor(kind="participant", id="p1", name="Inés", role="scss")
SIGNER = Signer(name="office.test/ledger", key=Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
CHECKPOINT = Checkpoint(origin=origin_of(SIGNER.name, LOG), size=8, root=ROOT)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


def draft(data: dict[str, Json]) -> EntryDraft:
    return EntryDraft(entry_class=EntryClass.COMMON, tag="tour.mark_set", actor=ACTOR, data=data)


def test_body_bytes_are_canonical_json() -> None:
    """Keys sorted, no blanks, UTF-8 as it is: RFC 8785."""
    actor = '{"id":"p1","kind":"participant","name":"Inés","role":"scss"}'
    expected = '{"actor":' + actor + ',"data":{"a":1,"b":"ñ"},"tag":"tour.mark_set"}'
    assert body_bytes(draft({"b": "ñ", "a": 1})) == expected.encode()


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), JSON_VALUES, max_size=4))
def test_body_bytes_read_back_to_what_was_said(data: dict[str, Json]) -> None:
    body = read_body(body_bytes(draft(data)))
    assert (body.tag, body.actor, body.data) == ("tour.mark_set", ACTOR, data)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_body_that_has_no_canonical_form_is_refused(value: Json) -> None:
    with pytest.raises(BodyInvalid):
        body_bytes(draft({"value": value}))


def test_commitment_is_the_digest_of_salt_and_body() -> None:
    salt = bytes(range(16))
    assert commitment(salt, b"{}") == sha256(salt + b"{}").hexdigest()


@pytest.mark.parametrize(("salt", "body"), [(bytes(16), b""), (b"", b"{}"), (bytes(15), b"{}"), (bytes(17), b"{}")])
def test_empty_body_or_wrong_salt_is_refused(salt: bytes, body: bytes) -> None:
    with pytest.raises(BodyInvalid):
        commitment(salt, body)


def test_header_bytes_and_leaf_are_fixed() -> None:
    """A stranger can rebuild the leaf from the header line alone."""
    at = datetime(2026, 11, 24, 9, 0, 0, 5, tzinfo=UTC)
    header = Header(log_id=LOG, seq=7, entry_class=EntryClass.GOVERNMENT, at=at, commitment="ab" * 32)
    line = (
        '{"at":"2026-11-24T09:00:00.000005Z","class":"government","commitment":"' + "ab" * 32 + '",'
        '"log":"0190a000-0000-7000-8000-0000000000aa","seq":7}'
    )
    assert header_bytes(header) == line.encode()
    assert entry_leaf(header) == sha256(b"\x00" + line.encode()).digest()
    assert json.loads(line)["seq"] == 7


@pytest.mark.parametrize(
    ("kind", "audience", "readable"),
    [
        (LogKind.CASE, Audience.GOVERNMENT, set(EntryClass)),
        (LogKind.CASE, Audience.MEMBER, {EntryClass.COMMON, EntryClass.BODY_DESTROYED}),
        (LogKind.ACCESS, Audience.GOVERNMENT, set(EntryClass)),
        (LogKind.ACCESS, Audience.MEMBER, set()),
        (LogKind.DEPLOYMENT, Audience.MEMBER, set()),
    ],
)
def test_audience_fixes_whose_bodies_are_read(kind: LogKind, audience: Audience, readable: set[EntryClass]) -> None:
    assert readable_classes(kind, audience) == readable


def test_checkpoint_text_is_three_lines() -> None:
    assert checkpoint_text(CHECKPOINT) == (
        "office.test/ledger/0190a000-0000-7000-8000-0000000000aa\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    )


def test_empty_log_has_no_checkpoint() -> None:
    with pytest.raises(LogEmpty):
        checkpoint_text(Checkpoint(origin="o", size=0, root=sha256(b"").hexdigest()))
    with pytest.raises(NoteInvalid):
        read_checkpoint(f"o\n0\n{b64encode(sha256(b'').digest()).decode()}\n")


def test_signed_checkpoint_opens_with_its_key() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    assert open_checkpoint(note, SIGNER.vkey) == CHECKPOINT
    assert note == sign_checkpoint(CHECKPOINT, SIGNER)


def test_signature_line_and_public_key_have_the_published_form() -> None:
    """C2SP signed-note: key hash = first 4 bytes of SHA-256(name, newline, 0x01, key); vkey = name+hash+base64."""
    public = SIGNER.key.public_key().public_bytes_raw()
    named = sha256(b"office.test/ledger\n\x01" + public).digest()[:4]
    encoded = b64encode(b"\x01" + public).decode()
    assert SIGNER.vkey == f"office.test/ledger+{named.hex()}+{encoded}"
    line = sign_checkpoint(CHECKPOINT, SIGNER).split("\n")[4]
    assert line.startswith("— office.test/ledger ")
    signature = b64decode(line.split(" ")[2])
    assert (signature[:4], len(signature)) == (named, 68)


def test_published_key_of_the_note_format_is_read() -> None:
    """The example key of the Go checksum database, which every implementation of the format knows."""
    name, public = read_vkey("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert (name, len(public)) == ("sum.golang.org", 32)


def other_signature(note: str) -> str:
    return note.replace("\n8\n", "\n9\n")


def foreign_key(_note: str) -> str:
    foreign = Signer(name=SIGNER.name, key=Ed25519PrivateKey.from_private_bytes(bytes(32)))
    return sign_checkpoint(CHECKPOINT, foreign)


def no_signature(note: str) -> str:
    return note.split("\n\n", maxsplit=1)[0] + "\n\n"


@pytest.mark.parametrize(
    "damage",
    [other_signature, foreign_key, no_signature, lambda note: note.rstrip("\n"), lambda note: note.replace("—", "-")],
)
def test_damaged_note_is_refused(damage: object) -> None:
    assert callable(damage)
    with pytest.raises(NoteInvalid):
        open_checkpoint(damage(sign_checkpoint(CHECKPOINT, SIGNER)), SIGNER.vkey)


def test_signature_of_another_key_beside_ours_is_passed_over() -> None:
    """A witness may co-sign; its line neither helps nor hurts ours."""
    witness = Signer(name="witness.test", key=Ed25519PrivateKey.from_private_bytes(bytes(32)))
    cosigned = sign_checkpoint(CHECKPOINT, witness) + sign_checkpoint(CHECKPOINT, SIGNER).split("\n\n")[1]
    assert open_checkpoint(cosigned, SIGNER.vkey) == CHECKPOINT


@pytest.mark.parametrize(
    "vkey", ["", "a+b", "a b+00000000+AQ==", SIGNER.vkey.replace("+", "+0", 1), SIGNER.vkey[:-4], SIGNER.vkey + "+x"]
)
def test_malformed_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteInvalid):
        read_vkey(vkey)


def test_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pem"
    made = load_or_create_signer(path, "office.test/ledger")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create_signer(path, "office.test/ledger").vkey == made.vkey
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.pem"]


def test_signing_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pem"
    load_or_create_signer(path, "office.test/ledger")
    path.chmod(0o640)
    with pytest.raises(SigningKeyExposed):
        load_or_create_signer(path, "office.test/ledger")


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "line\nbreak"])
def test_key_name_that_cannot_stand_in_a_note_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoteInvalid):
        load_or_create_signer(tmp_path / "checkpoint.pem", name)
