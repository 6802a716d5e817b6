"""What the validation domain refuses. Each error has a stable code and fields, no text for users and no HTTP."""

from typing import ClassVar

from evidence.records import Json


class SessionsError(Exception):
    """A refusal by the domain.

    Subclasses set `code` (stable, part of the API) and pass their fields to `__init__` as keywords;
    `server/http/problems.py` alone turns both into HTTP.
    """

    code: ClassVar[str]

    def __init__(self, **fields: Json) -> None:
        super().__init__(self.code, fields)
        self.fields = fields


class ValidationNotFound(SessionsError):
    """There is no such validation, or it is not for these eyes; a stranger cannot tell which."""

    code = "validation_not_found"


class NotAllowed(SessionsError):
    """The role does not permit it. Fields: permission, role."""

    code = "not_allowed"


class WrongPhase(SessionsError):
    """The validation or its session is in another state. Fields: expected, actual."""

    code = "wrong_phase"


class VersionConflict(SessionsError):
    """Somebody else wrote the same thing in the same moment; read again and decide again."""

    code = "version_conflict"


class MemberNotFound(SessionsError):
    """No such member company, or not for these eyes."""

    code = "member_not_found"


class SiteNotFound(SessionsError):
    """The member has no such site."""

    code = "site_not_found"


class PersonNotFound(SessionsError):
    """The member has no such contact person."""

    code = "person_not_found"


class AccountNotFound(SessionsError):
    """No such account."""

    code = "account_not_found"


class EmailTaken(SessionsError):
    """Another account already signs in with this address. Fields: email."""

    code = "email_taken"


class ParticipantNotFound(SessionsError):
    """The validation has no such participant."""

    code = "participant_not_found"


class AlreadyParticipant(SessionsError):
    """The person takes part in this validation already. Fields: validation_id."""

    code = "already_participant"


class RoleNotFitting(SessionsError):
    """The person's side or office does not fit the role. Fields: role, side."""

    code = "role_not_fitting"


class SiteOfAnotherMember(SessionsError):
    """The site does not belong to the member under validation. Fields: site_id."""

    code = "site_of_another_member"


class UnknownTimeZone(SessionsError):
    """The name is no IANA time zone. Fields: time_zone."""

    code = "unknown_time_zone"


class LocalTimeMissing(SessionsError):
    """The clocks at the site skip this local time. Fields: local, time_zone, instead."""

    code = "local_time_missing"


class LocalTimeAmbiguous(SessionsError):
    """The clocks at the site show this local time twice. Fields: local, time_zone, earlier, later (UTC)."""

    code = "local_time_ambiguous"


class StartsInThePast(SessionsError):
    """A session cannot be planned more than an hour ago. Fields: starts_at, now."""

    code = "starts_in_the_past"


class ReasonMissing(SessionsError):
    """The step needs a reason in words. Fields: step."""

    code = "reason_missing"


class InvitationNotFound(SessionsError):
    """No such invitation."""

    code = "invitation_not_found"


class LinkExpired(SessionsError):
    """The join link is past its time. Fields: expired_at."""

    code = "link_expired"


class LinkRevoked(SessionsError):
    """The join link was withdrawn, or its session will not take place."""

    code = "link_revoked"


class LinkBoundElsewhere(SessionsError):
    """The join link belongs to the browser that opened it first."""

    code = "link_bound_elsewhere"


class ConsentMissing(SessionsError):
    """No consent of this participant for this session, so neither lobby nor media."""

    code = "consent_missing"


class NotAdmitted(SessionsError):
    """The participant has not been admitted to the session. Fields: standing."""

    code = "not_admitted"


class ParticipantRemoved(SessionsError):
    """The participant was removed from the session and waits for a new admission."""

    code = "participant_removed"


class SourceNotFound(SessionsError):
    """No such open source of this participant."""

    code = "source_not_found"


class InterruptionOpen(SessionsError):
    """Another interruption of this source with this cause is open; its end comes first. Fields: cause."""

    code = "interruption_open"


class TokenNotFound(SessionsError):
    """No such media token in a validation of this person."""

    code = "token_not_found"


class TokenNameTaken(SessionsError):
    """A living media token of this session has the name already."""

    code = "token_name_taken"


class TokenInUse(SessionsError):
    """Another device sends with this media token, or as many watch with it as may."""

    code = "token_in_use"


class TokenOutOfScope(SessionsError):
    """A media token for another session, or for something else than this. Fields: scope."""

    code = "token_out_of_scope"


class StopNotFound(SessionsError):
    """The validation has no such tour stop."""

    code = "stop_not_found"


class StillNotFound(SessionsError):
    """No such still was asked for."""

    code = "still_not_found"


class StillAnswered(SessionsError):
    """The still was taken or declined already. Fields: state."""

    code = "still_answered"


class PrivacyUnchanged(SessionsError):
    """'Show, do not store' is already as asked. Fields: on."""

    code = "privacy_unchanged"


class PrivacyOn(SessionsError):
    """Nothing that is shown now may be stored."""

    code = "privacy_on"


class CriterionNotFound(SessionsError):
    """The criterion does not apply to this validation. Fields: criterion_id."""

    code = "criterion_not_found"


class NoteMissing(SessionsError):
    """A gap needs a note, and 'not applicable' and 'not remotely' need a reason. Fields: verdict, field."""

    code = "note_missing"


class MethodNotFitting(SessionsError):
    """The verdict cannot rest on that method. Fields: verdict, method."""

    code = "method_not_fitting"


class AnswerChanged(SessionsError):
    """The answer is newer than the one the writer saw.

    Fields: criterion_id, current_version, verdict, by_name, at (the last three null when there is no answer yet).
    """

    code = "answer_changed"


class ItemNotFound(SessionsError):
    """The validation has no such evidence item. Fields: item_id."""

    code = "evidence_item_not_found"


class RequestNotFound(SessionsError):
    """No such open request."""

    code = "request_not_found"


class FindingNotFound(SessionsError):
    """No such open finding."""

    code = "finding_not_found"


class FindingChanged(SessionsError):
    """The finding is newer than the one the writer saw. Fields: finding_id, current_version, due_on."""

    code = "finding_changed"


class ReviewerAnswered(SessionsError):
    """Whoever answered for an item must not decide it."""

    code = "reviewer_answered"


class ReviewIncomplete(SessionsError):
    """A review is signed when every answer is marked at its last version. Fields: unmarked (criterion ids)."""

    code = "review_incomplete"


class ReviewSigned(SessionsError):
    """The review is signed; nothing more is marked."""

    code = "review_already_signed"


class EditionNotFound(SessionsError):
    """No such criteria edition. Fields: edition_id."""

    code = "edition_not_found"


class OfficialTextsInvalid(SessionsError):
    """The file of official texts cannot be used. Fields: problems, a list of {line, field, reason}."""

    code = "official_texts_invalid"
