"""What each operation may refuse, by the name of its handler; the OpenAPI document says it, and tests hold it.

What every operation of a kind refuses (no login, a body that does not fit) is added by `server/http/openapi.py`.
"""

from collections.abc import Mapping
from typing import Final

from evidence.custody import errors as custody
from evidence.intake import errors as intake
from evidence.items import errors as items
from evidence.ledger import errors as ledger
from evidence.objects import errors as objects
from evidence.segments import errors as segments
from server import errors as server
from server.auth import errors as auth
from server.http.problems import Refusal
from server.media import errors as media
from sessions import errors as domain

Refusals = tuple[type[Refusal], ...]

_READING: Final[Refusals] = (domain.ValidationNotFound,)
_RULED: Final[Refusals] = (*_READING, domain.NotAllowed)
_CHANGING: Final[Refusals] = (*_RULED, domain.WrongPhase)
_OFFICE: Final[Refusals] = (domain.NotAllowed,)
_STARTING: Final[Refusals] = (
    *_CHANGING,
    domain.StartsInThePast,
    domain.LocalTimeMissing,
    domain.LocalTimeAmbiguous,
)
_AT_THE_DOOR: Final[Refusals] = (domain.NotAllowed, domain.WrongPhase, domain.ConsentMissing, domain.NotAdmitted)
_STORED: Final[Refusals] = (objects.StoreUnavailable, objects.ObjectMissing, server.RangeUnsatisfiable)
_ITEM: Final[Refusals] = (items.ItemNotFound, domain.NotAllowed)
_ARRIVING: Final[Refusals] = (
    domain.NotAllowed,
    domain.WrongPhase,
    domain.CriterionNotFound,
    domain.StopNotFound,
    domain.StillNotFound,
)
_WHOLE: Final[Refusals] = (
    *_ARRIVING,
    intake.UploadNotFound,
    intake.UploadFinished,
    intake.UnreadableFile,
    intake.TypeMismatch,
    intake.TypeNotAllowed,
    intake.FileNotAccepted,
    intake.FileTooLarge,
    objects.DigestMismatch,
    objects.StoreUnavailable,
    objects.ObjectConflict,
    custody.BytesErased,
    server.UploadRefused,
)
_APPENDING: Final[Refusals] = (
    *_WHOLE,
    intake.OffsetConflict,
    intake.UploadBusy,
    intake.ChecksumMismatch,
    intake.ChecksumUnsupported,
    server.TusVersionUnsupported,
)
_WITH_TOKEN: Final[Refusals] = (domain.TokenOutOfScope, server.TooManyRequests)
"""What a media token adds."""
_PATCHING: Final[Refusals] = (
    server.PreconditionMissing,
    media.SourceUnknown,
    media.OfferRefused,
    media.IceSessionChanged,
    media.MediaUnavailable,
)

REFUSED: Final[Mapping[str, Refusals]] = {
    "open_login_by_password": (auth.SignInRefused, server.TooManyRequests),
    "open_login_by_link": (auth.SignInLinkSpent, server.TooManyRequests),
    "close_login": (server.NotFound,),
    "get_me": (),
    "list_logins": (server.NotPermitted,),
    "revoke_login": (),
    "list_accounts": _OFFICE,
    "create_account": (*_OFFICE, domain.EmailTaken, domain.MemberNotFound, domain.RoleNotFitting),
    "set_my_password": (auth.SignInRefused, auth.PasswordTooShort, server.TooManyRequests),
    "list_members": _OFFICE,
    "create_member": _OFFICE,
    "get_member": (domain.MemberNotFound,),
    "add_site": (*_OFFICE, domain.MemberNotFound, domain.UnknownTimeZone),
    "add_person": (*_OFFICE, domain.MemberNotFound),
    "get_worklist": (),
    "list_validations": (),
    "open_validation": (
        *_OFFICE,
        domain.MemberNotFound,
        domain.SiteNotFound,
        domain.SiteOfAnotherMember,
        domain.AccountNotFound,
        domain.RoleNotFitting,
    ),
    "get_validation": _READING,
    "close_validation": _CHANGING,
    "add_participant": (
        *_CHANGING,
        domain.AccountNotFound,
        domain.PersonNotFound,
        domain.RoleNotFitting,
        domain.AlreadyParticipant,
    ),
    "schedule_session": (*_STARTING, domain.SiteNotFound, domain.SiteOfAnotherMember),
    "reschedule_session": _STARTING,
    "cancel_session": _CHANGING,
    "mark_no_show": _CHANGING,
    "list_invitations": _RULED,
    "create_invitation": (*_CHANGING, domain.ParticipantNotFound),
    "revoke_invitation": (domain.InvitationNotFound, domain.NotAllowed),
    "open_invitation": (
        domain.InvitationNotFound,
        domain.LinkRevoked,
        domain.LinkExpired,
        domain.LinkBoundElsewhere,
        auth.AlreadySignedIn,
        server.TooManyRequests,
    ),
    "list_criteria": _READING,
    "load_texts": (*_OFFICE, domain.EditionNotFound, domain.OfficialTextsInvalid),
    "send_command": (
        *_CHANGING,
        *_AT_THE_DOOR,
        domain.ParticipantNotFound,
        domain.ParticipantRemoved,
        domain.InterruptionOpen,
        domain.PrivacyUnchanged,
        domain.PrivacyOn,
        domain.SourceNotFound,
        domain.StopNotFound,
        domain.StillNotFound,
        domain.StillAnswered,
        domain.SourceNotFound,
        domain.VersionConflict,
        domain.CriterionNotFound,
        domain.ItemNotFound,
        domain.RequestNotFound,
        domain.FindingNotFound,
        domain.FindingChanged,
        domain.AnswerChanged,
        domain.NoteMissing,
        domain.ReasonMissing,
        domain.MethodNotFitting,
        domain.ReviewerAnswered,
        domain.ReviewIncomplete,
        domain.ReviewSigned,
        media.MediaUnavailable,
    ),
    "get_snapshot": _READING,
    "list_case_entries": _READING,
    "create_upload": (
        *_READING,
        *_ARRIVING,
        intake.FileTooLarge,
        intake.TypeNotAllowed,
        intake.TooManyUploads,
        server.TooManyRequests,
        server.TusVersionUnsupported,
    ),
    "describe_uploads": (),
    "get_upload": (*_WHOLE, server.TusVersionUnsupported),
    "append_to_upload": _APPENDING,
    "act_on_upload": _APPENDING,
    "cancel_upload": (
        intake.UploadNotFound,
        intake.UploadFinished,
        intake.UploadBusy,
        server.TusVersionUnsupported,
    ),
    "list_items": _RULED,
    "get_item": _ITEM,
    "get_item_content": (*_ITEM, items.ItemIsQuarantined, custody.ItemDisposed, *_STORED),
    "get_page": (
        *_ITEM,
        items.ItemIsQuarantined,
        custody.ItemDisposed,
        objects.DigestMismatch,
        server.TooManyRequests,
        *_STORED,
    ),
    "get_thumbnail": (*_ITEM, custody.ItemDisposed, *_STORED),
    "hold_item": (*_ITEM, custody.CustodyConflict),
    "lift_hold": (*_ITEM, custody.CustodyConflict),
    "release_item": (*_ITEM, custody.CustodyConflict),
    "dispose_item": (*_ITEM, custody.CustodyConflict, custody.StillKept),
    "get_store": (),
    "list_recordings": _RULED,
    "get_recording": (segments.LaneNotFound, domain.NotAllowed, *_STORED),
    "take_server_still": (
        *_CHANGING,
        domain.StillNotFound,
        domain.StillAnswered,
        domain.PrivacyOn,
        media.SourceUnknown,
        media.StillUnavailable,
        media.MediaUnavailable,
        intake.UnreadableFile,
        intake.FileNotAccepted,
        objects.StoreUnavailable,
        objects.ObjectConflict,
        custody.BytesErased,
    ),
    "state_view": _READING,
    "list_access": _READING,
    "list_media_tokens": _RULED,
    "create_media_token": (*_CHANGING, domain.TokenNameTaken),
    "revoke_media_token": (domain.TokenNotFound, domain.NotAllowed),
    "publish_source": (
        *_READING,
        *_AT_THE_DOOR,
        *_WITH_TOKEN,
        domain.TokenInUse,
        media.OfferRefused,
        media.MediaBusy,
        media.MediaUnavailable,
    ),
    "patch_source": (*_READING, *_WITH_TOKEN, domain.SourceNotFound, *_PATCHING),
    "end_source": (*_READING, *_WITH_TOKEN, domain.SourceNotFound, media.MediaUnavailable),
    "watch_session": (
        *_READING,
        *_AT_THE_DOOR,
        *_WITH_TOKEN,
        domain.TokenInUse,
        domain.SourceNotFound,
        media.SourceUnknown,
        media.OfferRefused,
        media.MediaBusy,
        media.MediaUnavailable,
    ),
    "watch_room": (
        *_READING,
        *_AT_THE_DOOR,
        server.NotFound,
        media.OfferRefused,
        media.MediaBusy,
        media.MediaUnavailable,
    ),
    "set_slots": (*_READING, *_AT_THE_DOOR, media.SourceUnknown, media.MediaUnavailable),
    "patch_room_watch": (*_READING, *_PATCHING),
    "end_room_watch": (*_READING, media.MediaUnavailable),
    "get_ice_servers": (server.TooManyRequests,),
    "report_line_test": (*_CHANGING, server.TooManyRequests),
    "try_path": (server.TooManyRequests, media.OfferRefused, media.ProbesBusy, media.MediaUnavailable),
    "watch_source": (
        *_AT_THE_DOOR,
        *_WITH_TOKEN,
        domain.TokenInUse,
        domain.SourceNotFound,
        media.SourceUnknown,
        media.OfferRefused,
        media.MediaBusy,
        media.MediaUnavailable,
    ),
    "patch_watch": (*_WITH_TOKEN, domain.SourceNotFound, *_PATCHING),
    "end_watch": (*_WITH_TOKEN, domain.SourceNotFound, media.MediaUnavailable),
    "create_export": _RULED,
    "list_exports": _RULED,
    "get_export": _OFFICE,
    "get_export_content": (*_OFFICE, server.NotReady, server.BundleWithdrawn, *_STORED),
    "get_receipt": (*_RULED, server.NotReady),
    "list_case_checkpoints": _READING,
    "prove_entry": (*_READING, ledger.ProofOutOfRange),
    "prove_growth": (*_READING, ledger.ProofOutOfRange),
}
