"""What the ledger refuses."""

from evidence.errors import EvidenceError


class LogNotFound(EvidenceError):
    """No such log; field `log_id`."""

    code = "log_not_found"


class EntryNotFound(EvidenceError):
    """The log has no entry with this seq; fields `log_id` and `seq`."""

    code = "entry_not_found"


class CheckpointNotFound(EvidenceError):
    """The log has no checkpoint of this size; fields `log_id` and `size`."""

    code = "checkpoint_not_found"


class LogEmpty(EvidenceError):
    """An empty log has no root to state and nothing to prove."""

    code = "log_empty"


class ProofOutOfRange(EvidenceError):
    """A proof about more entries than there are; fields `seq` or `first`, and `size`."""

    code = "proof_out_of_range"


class BodyInvalid(EvidenceError):
    """An entry whose body is empty or has no canonical form; field `reason`."""

    code = "body_invalid"


class BodyKept(EvidenceError):
    """A body that may not be destroyed: it states a destruction itself, or is gone already; fields `seq`, `reason`."""

    code = "body_kept"


class NoteInvalid(EvidenceError):
    """A checkpoint note that is malformed, of another key or wrongly signed; field `reason`."""

    code = "note_invalid"


class SigningKeyExposed(EvidenceError):
    """A signing key that others than its owner may read; field `path`."""

    code = "signing_key_exposed"
