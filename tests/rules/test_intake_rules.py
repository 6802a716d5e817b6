"""What may come in, by type, size and content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.errors import FileTooLarge, TypeMismatch, TypeNotAllowed
from evidence.intake.rules import check_declared, check_found, check_size
from evidence.intake.sniff import sniff
from evidence.items.rules import ItemKind
from tests.parts import files

HEIC_HEAD = bytes.fromhex("00000018") + b"ftypmif1" + bytes(4) + b"mif1heic"
MP4_HEAD = bytes.fromhex("00000018") + b"ftypisom" + bytes(4) + b"isommp42"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (files.jpeg(), "image/jpeg"),
        (files.png(), "image/png"),
        (files.pdf(1), "application/pdf"),
        (files.heic(), "image/heic"),
        (HEIC_HEAD, "image/heic"),
        (MP4_HEAD, "video/mp4"),
        (files.html_named_jpg(), "text/html"),
        (b"\n\t <svg xmlns='http://www.w3.org/2000/svg'/>", "text/html"),
        (b"PK\x03\x04" + bytes(300), "application/zip"),
        (b"\x89PNG\r\n\x1a\nrubbish", "image/png"),
        (b"plain text", "text/plain"),
        *((text, "text/plain") for text in (b"BMS,points", b"MZ list", b"ID3 x", b"CWS,a", b"%!x")),
        (b"\x00\x01\x02", ""),
        (b"", ""),
    ],
)
def test_sniff_tells_the_content(content: bytes, expected: str) -> None:
    assert sniff(content[:4096]) == expected


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x00\x00\x00\x20ftyp", b"\xff\xd8", b"%PDF", b"\x89PNG"]))
def test_sniff_never_raises(rest: bytes, begin: bytes) -> None:
    assert isinstance(sniff(begin + rest), str)


@pytest.mark.parametrize(
    ("kind", "declared", "found"),
    [
        (ItemKind.PHOTO, "image/jpeg", "image/jpeg"),
        (ItemKind.PHOTO, "", "image/heic"),
        (ItemKind.PHOTO, "image/heif", "image/heic"),
        (ItemKind.STILL, "application/octet-stream", "image/png"),
        (ItemKind.DOCUMENT, "application/pdf", "application/pdf"),
        (ItemKind.DOCUMENT, "image/jpeg", "image/jpeg"),
    ],
)
def test_check_found_takes_what_the_kind_takes(kind: ItemKind, declared: str, found: str) -> None:
    assert check_found(kind, declared=declared, found=found) == found


@pytest.mark.parametrize(
    ("kind", "declared", "found", "error"),
    [
        (ItemKind.PHOTO, "image/jpeg", "text/html", TypeMismatch),
        (ItemKind.PHOTO, "image/jpeg", "image/png", TypeMismatch),
        (ItemKind.PHOTO, "image/jpeg", "", TypeMismatch),
        (ItemKind.PHOTO, "", "", TypeNotAllowed),
        (ItemKind.PHOTO, "", "application/pdf", TypeNotAllowed),
        (ItemKind.STILL, "image/heic", "image/heic", TypeNotAllowed),
        (ItemKind.DOCUMENT, "application/zip", "application/zip", TypeNotAllowed),
    ],
)
def test_check_found_refuses_lies_and_other_types(
    kind: ItemKind, declared: str, found: str, error: type[TypeMismatch | TypeNotAllowed]
) -> None:
    with pytest.raises(error) as refusal:
        check_found(kind, declared=declared, found=found)
    assert refusal.value.fields["found"] == found


def test_check_declared_refuses_before_a_byte_is_sent() -> None:
    check_declared(ItemKind.PHOTO, "")
    check_declared(ItemKind.DOCUMENT, "application/pdf")
    with pytest.raises(TypeNotAllowed):
        check_declared(ItemKind.PHOTO, "application/pdf")


@pytest.mark.parametrize(
    ("kind", "limit"),
    [(ItemKind.STILL, 52_428_800), (ItemKind.PHOTO, 52_428_800), (ItemKind.DOCUMENT, 209_715_200)],
)
def test_check_size_holds_the_limit_of_the_kind(kind: ItemKind, limit: int) -> None:
    check_size(kind, limit)
    with pytest.raises(FileTooLarge) as refusal:
        check_size(kind, limit + 1)
    assert refusal.value.fields == {"limit_bytes": limit}
