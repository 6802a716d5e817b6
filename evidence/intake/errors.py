"""What intake refuses. The first group is about a file's bytes and ends in quarantine, the second about an upload."""

from evidence.errors import EvidenceError


class UnreadableFile(EvidenceError):
    """The bytes cannot be opened as the type they have.

    Field: reason, a `Fault` of `evidence.intake.rules`.
    """

    code = "unreadable_file"


class TypeMismatch(EvidenceError):
    """The content is not of the declared type.

    Fields: declared, found (empty: no type that is known here).
    """

    code = "type_mismatch"


class TypeNotAllowed(EvidenceError):
    """The content's type is not taken for this kind of item.

    Fields: kind, found (empty: unknown).
    """

    code = "type_not_allowed"


class FileTooLarge(EvidenceError):
    """More bytes than this kind of item, or this upload, may have.

    Field: limit_bytes.
    """

    code = "file_too_large"


class UploadNotFound(EvidenceError):
    """No such upload, or it has expired.

    Field: upload_id.
    """

    code = "upload_not_found"


class UploadFinished(EvidenceError):
    """The upload is over, so it takes no more bytes.

    Fields: upload_id, state.
    """

    code = "upload_finished"


class UploadBusy(EvidenceError):
    """Another request is writing to this upload now.

    Field: upload_id.
    """

    code = "upload_busy"


class OffsetConflict(EvidenceError):
    """The chunk does not begin where the received bytes end.

    Fields: expected, offered, both byte offsets.
    """

    code = "offset_conflict"


class TooManyUploads(EvidenceError):
    """The participant has too many unfinished uploads.

    Field: limit.
    """

    code = "too_many_uploads"
