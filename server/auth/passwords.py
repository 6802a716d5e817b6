"""Passwords: argon2id with the library's defaults (RFC 9106, low memory), in an executor and never on the loop."""

import asyncio
from concurrent.futures import Executor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from server.auth.errors import PasswordTooShort

MIN_LENGTH: Final = 12
"""Characters of a new password. Source: NIST SP 800-63B-4 asks for 15 without and 8 with a second factor."""
_hasher: Final = PasswordHasher()


async def hash_password(executor: Executor, password: str) -> str:
    """Return the argon2 hash to store; raises PasswordTooShort."""
    if len(password) < MIN_LENGTH:
        raise PasswordTooShort(min_length=MIN_LENGTH)
    return await rehash_password(executor, password)


async def rehash_password(executor: Executor, password: str) -> str:
    """Return the argon2 hash of a password that is in use already, whatever its length."""
    return await asyncio.get_running_loop().run_in_executor(executor, _hasher.hash, password)


async def password_fits(executor: Executor, stored: str | None, password: str) -> bool:
    """Say whether `password` is the one behind the stored hash.

    Without a stored hash it costs the same time, so that nobody learns from a clock which addresses have an account.
    """
    return await asyncio.get_running_loop().run_in_executor(executor, _fits, stored, password)


def _fits(stored: str | None, password: str) -> bool:
    if stored is None:
        _hasher.hash(password)
        return False
    try:
        return _hasher.verify(stored, password)
    except VerifyMismatchError:
        return False


def is_outdated(stored: str) -> bool:
    """Say whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
