"""Bytes with a key of their own: AES-256-GCM in chunks, so that a part can be read alone, and the key wrapped.

An object is the four bytes SLE1, a random salt of 16 bytes, and the chunks. Its key is HKDF-SHA256 of the item's key
and the salt, so that one item's key serves its original and what is made from it. A chunk holds 256 KiB, the last one
less; its nonce is its number (11 bytes, big-endian) and a byte that is 1 for the last one: a chunk that was moved, left
out or cut off is refused. Destroying the item's key makes all of it unreadable, wherever copies of the bytes still are.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch, WrappingKeyWrong
from evidence.objects.port import ObjectHead, ObjectStore, Put

WrappedKey = NewType("WrappedKey", bytes)
"""An item's key as the database keeps it, readable with the deployment's key only."""
PLAIN_BYTES: Final = 256 * 1024
"""Bytes of a chunk before encryption."""
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
_MAGIC: Final = b"SLE1"
_SALT_BYTES: Final = 16
HEADER_BYTES: Final = len(_MAGIC) + _SALT_BYTES
_CHUNK_BYTES: Final = PLAIN_BYTES + TAG_BYTES
_NONCE_BYTES: Final = 12


def new_key() -> bytes:
    """Return a new key of an item, 32 random bytes."""
    return os.urandom(KEY_BYTES)


def wrap_key(wrapping: bytes, key: bytes, *, of: ObjectKey) -> WrappedKey:
    """Return an item's key as the database keeps it, for this object and no other."""
    nonce = os.urandom(_NONCE_BYTES)
    return WrappedKey(nonce + AESGCM(wrapping).encrypt(nonce, key, of.encode()))


def unwrap_key(wrapping: bytes, wrapped: WrappedKey, *, of: ObjectKey) -> bytes:
    """Return an item's key. Raises: WrappingKeyWrong when it was wrapped by another key or for another object."""
    try:
        return AESGCM(wrapping).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], of.encode())
    except InvalidTag:
        raise WrappingKeyWrong(key=of) from None


def encrypt_file(path: Path, to: Path, key: bytes) -> Digest:
    """Write a file's bytes encrypted into a new file; returns the digest of what was written. Blocks."""
    salt, seen = os.urandom(_SALT_BYTES), hashlib.sha256()
    cipher = _cipher(key, salt)
    with path.open("rb") as source, to.open("xb") as target:
        seen.update(_MAGIC + salt)
        target.write(_MAGIC + salt)
        number, chunk = 0, source.read(PLAIN_BYTES)
        while True:
            following = source.read(PLAIN_BYTES)
            written = cipher.encrypt(_nonce(number, last=not following), chunk, None)
            seen.update(written)
            target.write(written)
            if not following:
                return Digest(seen.hexdigest())
            number, chunk = number + 1, following


def plain_length(stored_bytes: int) -> int:
    """Return how many bytes an object of this length holds."""
    chunks = max(1, -(-(stored_bytes - HEADER_BYTES) // _CHUNK_BYTES))
    return stored_bytes - HEADER_BYTES - chunks * TAG_BYTES


class KeyedStore:
    """An `ObjectStore` whose reads give the bytes of encrypted objects as they were; everything else is passed on."""

    def __init__(self, objects: ObjectStore, keys: Mapping[ObjectKey, bytes], *, cpu: Executor) -> None:
        """Take the store, the keys of the encrypted objects by object, and the executor for the decryption."""
        self._objects = objects
        self._keys = keys
        self._cpu = cpu

    async def put_file(self, key: ObjectKey, path: Path, *, digest: Digest, media_type: str) -> Put:
        """Store the file's bytes as they are."""
        return await self._objects.put_file(key, path, digest=digest, media_type=media_type)

    async def open_range(self, key: ObjectKey, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes as `ObjectStore.open_range` says, decrypted.

        Raises: DigestMismatch when the stored bytes are not what was encrypted.
        """
        item_key = self._keys.get(key)
        if item_key is None:
            async for piece in self._objects.open_range(key, start, end):
                yield piece
            return
        length = plain_length((await self._objects.head(key)).bytes)
        end = length if end is None else min(end, length)
        if start >= end and length:
            return
        cipher = await self._cipher(key, item_key)
        number, last = start // PLAIN_BYTES, max(0, -(-length // PLAIN_BYTES) - 1)
        async for chunk in self._chunks(key, number, min(last, max(0, end - 1) // PLAIN_BYTES)):
            plain = await self._decrypted(
                partial(cipher.decrypt, _nonce(number, last=number == last), chunk, None), key
            )
            at = number * PLAIN_BYTES
            if wanted := plain[max(0, start - at) : end - at]:
                yield wanted
            number += 1

    async def head(self, key: ObjectKey) -> ObjectHead:
        """Return what the store says of the stored bytes."""
        return await self._objects.head(key)

    def list_keys(self, prefix: str) -> AsyncIterator[ObjectKey]:
        """Iterate over the keys as the store does."""
        return self._objects.list_keys(prefix)

    async def clear_unfinished(self, before: datetime) -> int:
        """Pass it on."""
        return await self._objects.clear_unfinished(before)

    async def _cipher(self, key: ObjectKey, item_key: bytes) -> AESGCM:
        header = b"".join([piece async for piece in self._objects.open_range(key, 0, HEADER_BYTES)])
        if header[: len(_MAGIC)] != _MAGIC:
            raise DigestMismatch(expected=key.rpartition("/")[2], actual="")
        return _cipher(item_key, header[len(_MAGIC) :])

    async def _chunks(self, key: ObjectKey, first: int, last: int) -> AsyncIterator[bytes]:
        waiting = bytearray()
        begin, beyond = HEADER_BYTES + first * _CHUNK_BYTES, HEADER_BYTES + (last + 1) * _CHUNK_BYTES
        async for piece in self._objects.open_range(key, begin, beyond):
            waiting += piece
            while len(waiting) >= _CHUNK_BYTES:
                yield bytes(waiting[:_CHUNK_BYTES])
                del waiting[:_CHUNK_BYTES]
        if waiting:
            yield bytes(waiting)

    async def _decrypted(self, decrypt: "partial[bytes]", key: ObjectKey) -> bytes:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._cpu, decrypt)
        except InvalidTag:
            raise DigestMismatch(expected=key.rpartition("/")[2], actual="") from None


def _cipher(item_key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, b"sightline object").derive(item_key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE_BYTES - 1, "big") + bytes([last])
