"""The only place that makes object keys. A key is the case and the SHA-256 of the bytes, so equal bytes meet."""

import re

from evidence.ids import CaseId, Digest, ObjectKey

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*")
PROBES = "probes/"
"""Prefix of the probe's canaries; nothing of a case is under it."""


def object_key(case_id: CaseId, digest: Digest) -> ObjectKey:
    """Return the key of bytes that belong to the case."""
    return ObjectKey(f"cases/{case_id}/objects/{digest}")


def quarantine_key(case_id: CaseId, digest: Digest) -> ObjectKey:
    """Return the key of bytes that arrived for the case and were refused."""
    return ObjectKey(f"cases/{case_id}/quarantine/{digest}")


def is_quarantine_key(key: ObjectKey) -> bool:
    """Return whether the bytes under the key were refused when they arrived."""
    return "/quarantine/" in key


def probe_key(canary: str, digest: Digest) -> ObjectKey:
    """Return the key of a canary of the probe. Args: canary: what it tests, one lower-case word."""
    return ObjectKey(f"{PROBES}{canary}/{digest}")


def case_prefix(case_id: CaseId) -> str:
    """Return the prefix of every key of the case."""
    return f"cases/{case_id}/"


def digest_of(key: ObjectKey) -> Digest:
    """Return the digest that the key's last part names; it is what the bytes should be, not what they are."""
    return Digest(key.rpartition("/")[2])


def is_safe(key: str) -> bool:
    """Return whether the key is a path of plain words: no empty part, no dot, no way out of a folder."""
    return _KEY.fullmatch(key) is not None
