"""What an object store refuses, in words that are the same for every store."""

from evidence.errors import EvidenceError


class ObjectMissing(EvidenceError):
    """Nothing is stored under the key.

    Field: key.
    """

    code = "object_missing"


class ObjectConflict(EvidenceError):
    """Other bytes are already stored under the key.

    Fields: key, stored_bytes, offered_bytes.
    """

    code = "object_conflict"


class DigestMismatch(EvidenceError):
    """The bytes are not those the digest was promised for.

    Fields: expected, actual (empty: the store saw it).
    """

    code = "digest_mismatch"


class StoreUnavailable(EvidenceError):
    """The store did not answer, or answered with a failure of its own.

    Field: reason.
    """

    code = "store_unavailable"


class StoreForbids(EvidenceError):
    """The store does not let this process's key do that.

    Field: operation, as the store calls it.
    """

    code = "store_forbids"


class WrappingKeyWrong(EvidenceError):
    """The deployment's key does not open the key that an object was encrypted with.

    Field: key, of the object.
    """

    code = "wrapping_key_wrong"


class ObjectLocked(EvidenceError):
    """The store keeps the object: its retention is not over, or it is under a legal hold.

    Fields: key, retain_until (empty: none), held (1 or 0).
    """

    code = "object_locked"
