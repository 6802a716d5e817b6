"""Errors as RFC 9457 problems. The only place that knows which refusal is which HTTP status."""

import re
from enum import IntEnum
from http import HTTPStatus
from uuid import UUID

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from evidence.custody import errors as custody
from evidence.errors import EvidenceError
from evidence.ids import uuid7
from evidence.intake import errors as intake
from evidence.items import errors as items
from evidence.ledger import errors as ledger
from evidence.objects import errors as objects
from evidence.segments import errors as segments
from server import errors as server
from server.auth import errors as auth
from server.media import errors as media
from sessions import errors as domain
from sessions.errors import SessionsError

Refusal = EvidenceError | SessionsError | server.ServerError
REFUSALS = (EvidenceError, SessionsError, server.ServerError)
TUS_VERSION = "1.0.0"
BUG = "internal_error"
log = structlog.get_logger()


class TusStatus(IntEnum):
    """What tus adds to HTTP (tus 1.0.0, checksum extension)."""

    CHECKSUM_MISMATCH = 460

    @property
    def phrase(self) -> str:
        """The status in words."""
        return "Checksum Mismatch"


Status = HTTPStatus | TusStatus
STATUS: dict[type[Refusal], Status] = {
    server.TusVersionUnsupported: HTTPStatus.PRECONDITION_FAILED,
    server.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    server.NotPermitted: HTTPStatus.FORBIDDEN,
    server.NotFound: HTTPStatus.NOT_FOUND,
    server.CrossSiteRequest: HTTPStatus.FORBIDDEN,
    server.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    server.RequestInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    server.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    server.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    server.UploadRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    server.RangeUnsatisfiable: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    server.PreconditionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    server.BundleWithdrawn: HTTPStatus.GONE,
    server.NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    auth.SignInRefused: HTTPStatus.UNAUTHORIZED,
    auth.SignInLinkSpent: HTTPStatus.GONE,
    auth.AlreadySignedIn: HTTPStatus.CONFLICT,
    auth.PasswordTooShort: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.ValidationNotFound: HTTPStatus.NOT_FOUND,
    domain.MemberNotFound: HTTPStatus.NOT_FOUND,
    domain.SiteNotFound: HTTPStatus.NOT_FOUND,
    domain.PersonNotFound: HTTPStatus.NOT_FOUND,
    domain.AccountNotFound: HTTPStatus.NOT_FOUND,
    domain.ParticipantNotFound: HTTPStatus.NOT_FOUND,
    domain.InvitationNotFound: HTTPStatus.NOT_FOUND,
    domain.SourceNotFound: HTTPStatus.NOT_FOUND,
    domain.TokenNotFound: HTTPStatus.NOT_FOUND,
    domain.TokenNameTaken: HTTPStatus.CONFLICT,
    domain.TokenInUse: HTTPStatus.CONFLICT,
    domain.TokenOutOfScope: HTTPStatus.FORBIDDEN,
    domain.StopNotFound: HTTPStatus.NOT_FOUND,
    domain.StillNotFound: HTTPStatus.NOT_FOUND,
    domain.CriterionNotFound: HTTPStatus.NOT_FOUND,
    domain.ItemNotFound: HTTPStatus.NOT_FOUND,
    domain.RequestNotFound: HTTPStatus.NOT_FOUND,
    domain.FindingNotFound: HTTPStatus.NOT_FOUND,
    domain.EditionNotFound: HTTPStatus.NOT_FOUND,
    domain.NotAllowed: HTTPStatus.FORBIDDEN,
    domain.ConsentMissing: HTTPStatus.FORBIDDEN,
    domain.NotAdmitted: HTTPStatus.FORBIDDEN,
    domain.ParticipantRemoved: HTTPStatus.FORBIDDEN,
    domain.LinkBoundElsewhere: HTTPStatus.FORBIDDEN,
    domain.ReviewerAnswered: HTTPStatus.FORBIDDEN,
    domain.LinkExpired: HTTPStatus.GONE,
    domain.LinkRevoked: HTTPStatus.GONE,
    domain.WrongPhase: HTTPStatus.CONFLICT,
    domain.VersionConflict: HTTPStatus.CONFLICT,
    domain.EmailTaken: HTTPStatus.CONFLICT,
    domain.AlreadyParticipant: HTTPStatus.CONFLICT,
    domain.StillAnswered: HTTPStatus.CONFLICT,
    domain.InterruptionOpen: HTTPStatus.CONFLICT,
    domain.PrivacyUnchanged: HTTPStatus.CONFLICT,
    domain.PrivacyOn: HTTPStatus.CONFLICT,
    domain.AnswerChanged: HTTPStatus.CONFLICT,
    domain.FindingChanged: HTTPStatus.CONFLICT,
    domain.ReviewIncomplete: HTTPStatus.CONFLICT,
    domain.ReviewSigned: HTTPStatus.CONFLICT,
    domain.RoleNotFitting: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.SiteOfAnotherMember: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.UnknownTimeZone: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.LocalTimeMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.LocalTimeAmbiguous: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.StartsInThePast: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.ReasonMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.NoteMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.MethodNotFitting: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.OfficialTextsInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    intake.UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    intake.TypeMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    intake.TypeNotAllowed: HTTPStatus.UNPROCESSABLE_ENTITY,
    intake.FileNotAccepted: HTTPStatus.UNPROCESSABLE_ENTITY,
    intake.FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    intake.UploadNotFound: HTTPStatus.NOT_FOUND,
    intake.UploadFinished: HTTPStatus.CONFLICT,
    intake.UploadBusy: HTTPStatus.LOCKED,
    intake.OffsetConflict: HTTPStatus.CONFLICT,
    intake.ChecksumMismatch: TusStatus.CHECKSUM_MISMATCH,
    intake.ChecksumUnsupported: HTTPStatus.BAD_REQUEST,
    intake.TooManyUploads: HTTPStatus.CONFLICT,
    items.ItemNotFound: HTTPStatus.NOT_FOUND,
    items.ItemIsQuarantined: HTTPStatus.CONFLICT,
    custody.CustodyConflict: HTTPStatus.CONFLICT,
    custody.StillKept: HTTPStatus.CONFLICT,
    custody.ItemDisposed: HTTPStatus.GONE,
    custody.BytesErased: HTTPStatus.SERVICE_UNAVAILABLE,
    custody.KeepingDiffers: HTTPStatus.INTERNAL_SERVER_ERROR,
    objects.DigestMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    objects.ObjectMissing: HTTPStatus.INTERNAL_SERVER_ERROR,
    objects.ObjectConflict: HTTPStatus.INTERNAL_SERVER_ERROR,
    objects.StoreForbids: HTTPStatus.INTERNAL_SERVER_ERROR,
    objects.WrappingKeyWrong: HTTPStatus.INTERNAL_SERVER_ERROR,
    objects.ObjectLocked: HTTPStatus.CONFLICT,
    objects.StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    segments.RecordingNotFound: HTTPStatus.NOT_FOUND,
    segments.SegmentNotFound: HTTPStatus.NOT_FOUND,
    segments.SegmentConflict: HTTPStatus.CONFLICT,
    segments.SegmentOutOfOrder: HTTPStatus.CONFLICT,
    segments.LaneNotFound: HTTPStatus.NOT_FOUND,
    ledger.LogNotFound: HTTPStatus.NOT_FOUND,
    ledger.EntryNotFound: HTTPStatus.NOT_FOUND,
    ledger.CheckpointNotFound: HTTPStatus.NOT_FOUND,
    ledger.LogEmpty: HTTPStatus.CONFLICT,
    ledger.ProofOutOfRange: HTTPStatus.UNPROCESSABLE_ENTITY,
    ledger.BodyInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    ledger.BodyKept: HTTPStatus.CONFLICT,
    ledger.NoteInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    ledger.SigningKeyExposed: HTTPStatus.INTERNAL_SERVER_ERROR,
    media.MediaUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    media.MediaBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    media.SourceUnknown: HTTPStatus.NOT_FOUND,
    media.OfferRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    media.IceSessionChanged: HTTPStatus.PRECONDITION_FAILED,
    media.ProbesBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    media.StillUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem_of(error: Refusal) -> dict[str, object]:
    """Return the problem object of a refusal: type, title, status, code and its fields."""
    status = STATUS[type(error)]
    title = re.split(r" Fields?: ", (type(error).__doc__ or "").strip().splitlines()[0])[0]
    problem: dict[str, object] = {
        "type": f"/problems/{error.code}",
        "title": title,
        "status": status.value,
        "code": error.code,
        **error.fields,
    }
    if isinstance(error, server.RequestInvalid):
        problem["errors"] = [{"where": where, "reason": reason} for where, reason in error.errors]
    return problem


def bug_problem(incident: UUID) -> dict[str, object]:
    """Return the problem object of a bug; `incident` finds it in the log."""
    return {
        "type": f"/problems/{BUG}",
        "title": "Something failed here; nothing was changed by this request unless it says so.",
        "status": HTTPStatus.INTERNAL_SERVER_ERROR.value,
        "code": BUG,
        "incident": str(incident),
    }


def http_problem(error: web.HTTPException) -> dict[str, object]:
    """Return the problem object of aiohttp's own refusals (unknown path, method)."""
    code = HTTPStatus(error.status).name.lower()
    return {"type": f"/problems/{code}", "title": error.reason, "status": error.status, "code": code}


def problem_response(problem: dict[str, object]) -> web.Response:
    """Return `problem` as `application/problem+json`."""
    response = web.json_response(problem, status=int(str(problem["status"])), content_type="application/problem+json")
    if problem["code"] == "tus_version_unsupported":
        response.headers["Tus-Version"] = TUS_VERSION
    if "retry_after_s" in problem:
        response.headers["Retry-After"] = str(problem["retry_after_s"])
    if problem["code"] == "range_unsatisfiable":
        response.headers["Content-Range"] = f"bytes */{problem['size']}"
    if problem["status"] == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem["code"] == "token_out_of_scope":
        response.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    return response


@web.middleware
async def problems_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every refusal into its problem, and a bug into a 500 that the log explains once."""
    try:
        return await handler(request)
    except REFUSALS as error:
        return problem_response(problem_of(error))
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        response = problem_response(http_problem(error))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception as error:
        if isinstance(error, ConnectionError) and (request.transport is None or request.transport.is_closing()):
            raise  # the browser has gone, as players do at every seek; aiohttp forgets the request
        incident = uuid7()
        log.exception("bug", incident=str(incident), path=request.path)
        return problem_response(bug_problem(incident))
