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


class FileNotAccepted(EvidenceError):
    """The file is not taken; why, is told to government roles alone."""

    code = "not_accepted"


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


class ChecksumMismatch(EvidenceError):
    """The bytes of this request are not those the sender named a checksum of; none of them is kept.

    Field: algorithm.
    """

    code = "checksum_mismatch"


class ChecksumUnsupported(EvidenceError):
    """The checksum cannot be read, or is of another algorithm than sha256 and sha1."""

    code = "checksum_unsupported"


class TooManyUploads(EvidenceError):
    """The participant has too many unfinished uploads, or too many bytes in them.

    Fields: limit, a number of uploads; limit_bytes, of all of them together.
    """

    code = "too_many_uploads"
