"""Bytes with a key of their own: read whole and in part, and refused when anything about them was changed."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest

from evidence.ids import Digest, ObjectKey
from evidence.objects.encryption import (
    HEADER_BYTES,
    PLAIN_BYTES,
    TAG_BYTES,
    KeyedStore,
    WrappedKey,
    encrypt_file,
    new_key,
    plain_length,
    unwrap_key,
    wrap_key,
)
from evidence.objects.errors import DigestMismatch, WrappingKeyWrong
from evidence.objects.keys import object_key
from evidence.objects.port import ObjectStore
from tests.storage.test_objects_contract import CASE, read

KEY = bytes(range(32))
CHUNK = PLAIN_BYTES + TAG_BYTES


async def stored(objects: ObjectStore, folder: Path, content: bytes) -> ObjectKey:
    """Put encrypted bytes into a store."""
    key = object_key(CASE, Digest(hashlib.sha256(content).hexdigest()))
    (folder / "coded").write_bytes(content)
    await objects.put_file(
        key, folder / "coded", digest=Digest(hashlib.sha256(content).hexdigest()), media_type="application/octet-stream"
    )
    return key


def coded(folder: Path, content: bytes) -> bytes:
    """Return bytes encrypted with KEY."""
    plain, to = folder / "plain", folder / f"coded-{os.urandom(4).hex()}"
    plain.write_bytes(content)
    digest = encrypt_file(plain, to, KEY)
    written = to.read_bytes()
    assert hashlib.sha256(written).hexdigest() == digest
    assert plain_length(len(written)) == len(content)
    return written


@pytest.mark.parametrize("size", [0, 1, PLAIN_BYTES - 1, PLAIN_BYTES, PLAIN_BYTES + 1, 3 * PLAIN_BYTES, 900_001])
async def test_every_range_is_what_was_encrypted(
    objects: ObjectStore, tmp_path: Path, cpu_executor: Executor, size: int
) -> None:
    content = os.urandom(size)
    key = await stored(objects, tmp_path, await asyncio.to_thread(coded, tmp_path, content))
    opened = KeyedStore(objects, {key: KEY}, cpu=cpu_executor)
    assert await read(opened, key) == content
    edges = sorted({0, 1, size - 1, size, size + 1, PLAIN_BYTES - 1, PLAIN_BYTES, PLAIN_BYTES + 1, 700_000})
    for start in edges:
        for end in (*edges, None):
            if start >= 0 and (end is None or end >= 0):
                assert await read(opened, key, start, end) == content[start:end], (start, end)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a flipped bit": lambda code: code[:-1] + bytes([code[-1] ^ 1]),
    "two chunks in the other order": lambda code: (
        code[:HEADER_BYTES]
        + code[HEADER_BYTES + CHUNK : HEADER_BYTES + 2 * CHUNK]
        + code[HEADER_BYTES : HEADER_BYTES + CHUNK]
        + code[HEADER_BYTES + 2 * CHUNK :]
    ),
    "the last chunk cut off": lambda code: code[: HEADER_BYTES + 2 * CHUNK],
    "a chunk left out": lambda code: code[:HEADER_BYTES] + code[HEADER_BYTES + CHUNK :],
    "another salt": lambda code: code[:4] + bytes(16) + code[HEADER_BYTES:],
    "another format": lambda code: b"SLE9" + code[4:],
}


@pytest.mark.parametrize("change", CHANGES)
async def test_changed_bytes_are_refused(
    local_objects: ObjectStore, tmp_path: Path, cpu_executor: Executor, change: str
) -> None:
    code = await asyncio.to_thread(coded, tmp_path, os.urandom(2 * PLAIN_BYTES + 1000))
    key = await stored(local_objects, tmp_path, CHANGES[change](code))
    with pytest.raises(DigestMismatch):
        await read(KeyedStore(local_objects, {key: KEY}, cpu=cpu_executor), key)


async def test_another_key_opens_nothing_and_without_one_the_code_is_read(
    local_objects: ObjectStore, tmp_path: Path, cpu_executor: Executor
) -> None:
    code = await asyncio.to_thread(coded, tmp_path, b"identity paper")
    key = await stored(local_objects, tmp_path, code)
    with pytest.raises(DigestMismatch):
        await read(KeyedStore(local_objects, {key: new_key()}, cpu=cpu_executor), key)
    assert await read(KeyedStore(local_objects, {}, cpu=cpu_executor), key) == code
    assert b"identity paper" not in code


def test_wrapped_key_opens_for_its_object_and_deployment_only() -> None:
    wrapping, mine, other = os.urandom(32), ObjectKey("cases/a/objects/b"), ObjectKey("cases/a/objects/c")
    wrapped = wrap_key(wrapping, KEY, of=mine)
    assert unwrap_key(wrapping, wrapped, of=mine) == KEY
    assert wrap_key(wrapping, KEY, of=mine) != wrapped
    changed = WrappedKey(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    for key, code, of in ((os.urandom(32), wrapped, mine), (wrapping, wrapped, other), (wrapping, changed, mine)):
        with pytest.raises(WrappingKeyWrong):
            unwrap_key(key, code, of=of)
