"""Who may do what. Pure: roles, sides and the table of permissions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Side(StrEnum):
    """The two sides of a validation."""

    GOVERNMENT = "government"
    MEMBER = "member"


class OfficeRole(StrEnum):
    """What an account is for, outside any single validation."""

    SCSS = "scss"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    MEMBER = "member"


class Role(StrEnum):
    """What a participant is in one validation."""

    SCSS_LEAD = "scss_lead"
    SCSS = "scss"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    MEMBER_POC = "member_poc"
    MEMBER_EXPERT = "member_expert"
    CAMERA_OPERATOR = "camera_operator"
    PARTNER = "partner"
    INTERPRETER = "interpreter"
    OBSERVER = "observer"


class Permission(StrEnum):
    """One thing that a role may or may not do in a validation."""

    READ = "read"
    READ_GOVERNMENT = "read_government"
    READ_EVIDENCE = "read_evidence"
    ENTER_ROOM = "enter_room"
    SPEAK = "speak"
    PUBLISH_CAMERA = "publish_camera"
    PUBLISH_SCREEN = "publish_screen"
    CONNECT_EQUIPMENT = "connect_equipment"
    UPLOAD = "upload"
    SET_PRIVACY = "set_privacy"
    DECLINE_STILL = "decline_still"
    SCHEDULE = "schedule"
    RUN_SESSION = "run_session"
    ADMIT = "admit"
    GUIDE_TOUR = "guide_tour"
    MARK = "mark"
    ANSWER = "answer"
    REVIEW = "review"
    CLOSE = "close"
    EXPORT = "export"
    HOLD = "hold"
    DISPOSE = "dispose"
    RECEIPT = "receipt"


_P = Permission
_WATCH: Final = frozenset({_P.READ, _P.ENTER_ROOM})
_GOVERNMENT: Final = frozenset({_P.READ, _P.READ_GOVERNMENT, _P.READ_EVIDENCE, _P.EXPORT, _P.RECEIPT})
_WALK: Final = _WATCH | {
    _P.READ_EVIDENCE,
    _P.SPEAK,
    _P.PUBLISH_CAMERA,
    _P.UPLOAD,
    _P.SET_PRIVACY,
    _P.DECLINE_STILL,
    _P.MARK,
}
_SPECIALIST: Final = (
    _GOVERNMENT
    | _WATCH
    | {_P.SPEAK, _P.PUBLISH_CAMERA, _P.PUBLISH_SCREEN, _P.CONNECT_EQUIPMENT, _P.UPLOAD, _P.SET_PRIVACY}
    | {_P.SCHEDULE, _P.RUN_SESSION, _P.ADMIT, _P.GUIDE_TOUR, _P.DECLINE_STILL, _P.MARK, _P.ANSWER, _P.HOLD}
)

PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.SCSS_LEAD: _SPECIALIST | {_P.CLOSE, _P.DISPOSE},
    Role.SCSS: _SPECIALIST,
    Role.SUPERVISOR: _GOVERNMENT | _WATCH | {_P.SPEAK, _P.SET_PRIVACY, _P.CLOSE, _P.HOLD, _P.DISPOSE},
    Role.REVIEWER: _GOVERNMENT | {_P.REVIEW},
    Role.MEMBER_POC: _WALK | {_P.PUBLISH_SCREEN, _P.CONNECT_EQUIPMENT, _P.RECEIPT},
    Role.MEMBER_EXPERT: _WALK | {_P.PUBLISH_SCREEN},
    Role.CAMERA_OPERATOR: _WALK,
    Role.PARTNER: _WATCH,
    Role.INTERPRETER: _WATCH | {_P.SPEAK},
    Role.OBSERVER: _WATCH,
}

_OFFICE_OF: Final[Mapping[Role, frozenset[OfficeRole]]] = {
    Role.SCSS_LEAD: frozenset({OfficeRole.SCSS}),
    Role.SCSS: frozenset({OfficeRole.SCSS}),
    Role.SUPERVISOR: frozenset({OfficeRole.SUPERVISOR}),
    Role.REVIEWER: frozenset({OfficeRole.REVIEWER, OfficeRole.SCSS}),
    Role.MEMBER_POC: frozenset({OfficeRole.MEMBER}),
    Role.MEMBER_EXPERT: frozenset({OfficeRole.MEMBER}),
    Role.CAMERA_OPERATOR: frozenset({OfficeRole.MEMBER}),
    Role.PARTNER: frozenset({OfficeRole.MEMBER}),
    Role.INTERPRETER: frozenset(OfficeRole) - {OfficeRole.OPERATOR},
    Role.OBSERVER: frozenset(OfficeRole) - {OfficeRole.OPERATOR},
}


def may(role: Role, permission: Permission) -> bool:
    """Say whether the role has the permission.

    Source: domain.md part 4. An observer or interpreter has a seat and at most a voice but no rights over evidence;
    a partner sees the live walk and no stored evidence; a reviewer decides and so never answers; the member's side
    never reads what only the government may.
    """
    return permission in PERMISSIONS[role]


def side_of(office_role: OfficeRole | None) -> Side:
    """Return the side of an account, or of a guest, who has none and always stands with the member."""
    return Side.MEMBER if office_role in {None, OfficeRole.MEMBER} else Side.GOVERNMENT


def fits(role: Role, office_role: OfficeRole | None) -> bool:
    """Say whether an account of that office, or a guest without one, can take the role in a validation.

    Source: domain.md part 4: specialists, supervisors and reviewers are of the government; the contact, the experts
    and the camera operator are of the member. A second specialist may review a validation in which they answer nothing.
    """
    return (office_role or OfficeRole.MEMBER) in _OFFICE_OF[role]


def of_the_company(role: Role) -> bool:
    """Say whether the role is of the company under validation; a partner, interpreter or observer is not."""
    return role in {Role.MEMBER_POC, Role.MEMBER_EXPERT, Role.CAMERA_OPERATOR}


def admits_itself(role: Role) -> bool:
    """Say whether the role enters the room without waiting in the lobby: those who hold the door, and supervisors."""
    return may(role, Permission.ADMIT) or role is Role.SUPERVISOR


class OfficePermission(StrEnum):
    """One thing that an account may or may not do outside any validation."""

    READ_MEMBERS = "read_members"
    EDIT_MEMBERS = "edit_members"
    OPEN_VALIDATION = "open_validation"
    READ_ACCOUNTS = "read_accounts"
    ADD_ACCOUNT = "add_account"
    LOAD_OFFICIAL_TEXTS = "load_official_texts"


_O = OfficePermission
_SCSS_OFFICE: Final = frozenset({_O.READ_MEMBERS, _O.EDIT_MEMBERS, _O.OPEN_VALIDATION, _O.READ_ACCOUNTS})
_OFFICE_PERMISSIONS: Final[Mapping[OfficeRole, frozenset[OfficePermission]]] = {
    OfficeRole.SCSS: _SCSS_OFFICE,
    OfficeRole.SUPERVISOR: _SCSS_OFFICE | {_O.ADD_ACCOUNT, _O.LOAD_OFFICIAL_TEXTS},
    OfficeRole.REVIEWER: frozenset({_O.READ_MEMBERS}),
    OfficeRole.OPERATOR: frozenset({_O.READ_ACCOUNTS, _O.ADD_ACCOUNT}),
    OfficeRole.MEMBER: frozenset(),
}


def office_may(office_role: OfficeRole, permission: OfficePermission) -> bool:
    """Say whether an account of that office has the permission.

    An operator runs the installation: accounts, but no member and no case.
    """
    return permission in _OFFICE_PERMISSIONS[office_role]
