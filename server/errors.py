"""What the server itself refuses: malformed requests, missing logins, exceeded limits."""

from typing import ClassVar


class ServerError(Exception):
    """A refusal by the server, with a stable `code` and fields; see `server/http/problems.py` for its HTTP form."""

    code: ClassVar[str]

    def __init__(self, **fields: str | int | None) -> None:
        super().__init__(self.code, fields)
        self.fields = fields


class NotSignedIn(ServerError):
    """No login, or one that has expired or was revoked."""

    code = "not_signed_in"


class NotPermitted(ServerError):
    """A login that may not do this at all, whatever the case."""

    code = "not_permitted"


class NotFound(ServerError):
    """No such thing, or one this login may not know of."""

    code = "not_found"


class CrossSiteRequest(ServerError):
    """An unsafe request that did not come from our own pages."""

    code = "cross_site_request"


class TooManyRequests(ServerError):
    """A rate limit; field `retry_after_s` tells when the next try may pass."""

    code = "too_many_requests"


class RequestInvalid(ServerError):
    """A request whose path, query or body does not fit its schema; `errors` lists where."""

    code = "request_invalid"

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.errors = errors


class UnsupportedMediaType(ServerError):
    """A body of a type this operation does not take."""

    code = "unsupported_media_type"


class BodyTooLarge(ServerError):
    """A body larger than the operation allows; field `limit_bytes`."""

    code = "body_too_large"


class UploadRefused(ServerError):
    """An upload whose bytes were refused when they were whole; field `reason` is the code of that refusal."""

    code = "upload_refused"


class RangeUnsatisfiable(ServerError):
    """A range outside the bytes there are; field `size`."""

    code = "range_unsatisfiable"


class PreconditionMissing(ServerError):
    """A request that must say which state it means, and does not; field `header`."""

    code = "precondition_missing"


class TusVersionUnsupported(ServerError):
    """An upload's request that is not of tus 1.0.0, or does not say so."""

    code = "tus_version_unsupported"


class NotReady(ServerError):
    """Something this needs has not happened yet; field `part` says who is to do it. Try again soon."""

    code = "not_ready"


class StartupError(Exception):
    """The process cannot start as configured; the message is for the operator."""


class BundleWithdrawn(ServerError):
    """The bundle was destroyed, because something in it was disposed of; ask for a new one."""

    code = "bundle_withdrawn"
