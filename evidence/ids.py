"""Identifiers of the locker and the ledger, and the clock-ordered UUID they are made of."""

import os
import time
from typing import NewType
from uuid import UUID, uuid5

CaseId = NewType("CaseId", UUID)
LogId = NewType("LogId", UUID)
ItemId = NewType("ItemId", UUID)
SegmentId = NewType("SegmentId", UUID)
SourceId = NewType("SourceId", UUID)
UploadId = NewType("UploadId", UUID)
LaneId = NewType("LaneId", UUID)
ExportId = NewType("ExportId", UUID)
Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""
ObjectKey = NewType("ObjectKey", str)
"""Path of an object in the store, made by `evidence.objects.keys` only."""


def uuid7() -> UUID:
    """Return a new UUID of version 7.

    Returns: 48 bits of Unix time in ms, then 74 random bits; ids made later sort later, to the millisecond.
    Source: RFC 9562, 5.7.
    """
    random = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


DEPLOYMENT_LOG = LogId(UUID("5167f1ac-0000-7000-8000-000000000001"))
"""The log of sign-ins, roles, criteria editions, store probes and keys of this deployment."""


def case_log(case_id: CaseId) -> LogId:
    """Return the log of the case itself; it has the case's own id."""
    return LogId(case_id)


def access_log(case_id: CaseId) -> LogId:
    """Return the log of views, downloads and exports of the case; for government eyes only."""
    return LogId(uuid5(case_id, "access"))
