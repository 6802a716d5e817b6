"""Who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.roster.rules import (
    OfficePermission,
    OfficeRole,
    Permission,
    Role,
    Side,
    admits_itself,
    fits,
    may,
    of_the_company,
    office_may,
    side_of,
)

GOVERNMENT = {Role.SCSS_LEAD, Role.SCSS, Role.SUPERVISOR, Role.REVIEWER}
READ_ONLY = {Role.PARTNER, Role.INTERPRETER, Role.OBSERVER}
CHANGES_THE_CASE = {
    Permission.UPLOAD,
    Permission.SCHEDULE,
    Permission.RUN_SESSION,
    Permission.ADMIT,
    Permission.GUIDE_TOUR,
    Permission.MARK,
    Permission.ANSWER,
    Permission.REVIEW,
    Permission.CLOSE,
}


@pytest.mark.parametrize("role", Role)
def test_government_entries_are_for_government_roles_alone(role: Role) -> None:
    assert may(role, Permission.READ_GOVERNMENT) == (role in GOVERNMENT)


@pytest.mark.parametrize("role", sorted(READ_ONLY))
def test_partner_interpreter_and_observer_change_nothing(role: Role) -> None:
    assert {permission for permission in CHANGES_THE_CASE if may(role, permission)} == set()


@pytest.mark.parametrize("role", Role)
def test_stored_evidence_is_not_for_partner_interpreter_and_observer(role: Role) -> None:
    """Source: domain.md part 4, no evidence rights for interpreter and observer, its own items only for a partner."""
    assert may(role, Permission.READ_EVIDENCE) == (role not in READ_ONLY)


def test_whoever_answers_does_not_decide() -> None:
    """Conflict rule of domain.md part 4: no role both answers and reviews."""
    assert [role for role in Role if may(role, Permission.ANSWER) and may(role, Permission.REVIEW)] == []


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        (Role.SCSS_LEAD, Permission.CLOSE, True),
        (Role.SCSS, Permission.CLOSE, False),
        (Role.SCSS, Permission.ANSWER, True),
        (Role.SUPERVISOR, Permission.CLOSE, True),
        (Role.SUPERVISOR, Permission.ANSWER, False),
        (Role.REVIEWER, Permission.REVIEW, True),
        (Role.REVIEWER, Permission.ENTER_ROOM, False),
        (Role.MEMBER_POC, Permission.UPLOAD, True),
        (Role.MEMBER_POC, Permission.SPEAK, True),
        (Role.MEMBER_POC, Permission.ANSWER, False),
        (Role.MEMBER_POC, Permission.RECEIPT, True),
        (Role.MEMBER_POC, Permission.EXPORT, False),
        (Role.MEMBER_EXPERT, Permission.SPEAK, True),
        (Role.CAMERA_OPERATOR, Permission.PUBLISH_CAMERA, True),
        (Role.CAMERA_OPERATOR, Permission.UPLOAD, True),
        (Role.CAMERA_OPERATOR, Permission.PUBLISH_SCREEN, False),
        (Role.INTERPRETER, Permission.SPEAK, True),
        (Role.OBSERVER, Permission.SPEAK, False),
        (Role.OBSERVER, Permission.ENTER_ROOM, True),
    ],
)
def test_role_may(role: Role, permission: Permission, expected: bool) -> None:  # noqa: FBT001  (a column of the table)
    assert may(role, permission) is expected


@given(st.sampled_from(Role), st.sampled_from(OfficeRole) | st.none())
def test_a_government_role_needs_a_government_account(role: Role, office_role: OfficeRole | None) -> None:
    if fits(role, office_role):
        assert role not in GOVERNMENT or side_of(office_role) is Side.GOVERNMENT
        assert office_role is not OfficeRole.OPERATOR


@pytest.mark.parametrize("role", [Role.MEMBER_POC, Role.MEMBER_EXPERT, Role.CAMERA_OPERATOR])
def test_the_company_s_roles_are_for_its_own_people(role: Role) -> None:
    assert of_the_company(role)
    assert fits(role, None)
    assert not fits(role, OfficeRole.SCSS)


def test_only_government_people_who_run_the_room_skip_the_lobby() -> None:
    assert {role for role in Role if admits_itself(role)} == {Role.SCSS_LEAD, Role.SCSS, Role.SUPERVISOR}


@pytest.mark.parametrize(
    ("office_role", "expected"),
    [
        (OfficeRole.OPERATOR, {OfficePermission.READ_ACCOUNTS, OfficePermission.ADD_ACCOUNT}),
        (OfficeRole.REVIEWER, {OfficePermission.READ_MEMBERS}),
        (OfficeRole.MEMBER, set()),
        (OfficeRole.SUPERVISOR, set(OfficePermission)),
        (OfficeRole.SCSS, set(OfficePermission) - {OfficePermission.ADD_ACCOUNT, OfficePermission.LOAD_OFFICIAL_TEXTS}),
    ],
)
def test_office_may(office_role: OfficeRole, expected: set[OfficePermission]) -> None:
    assert {permission for permission in OfficePermission if office_may(office_role, permission)} == expected
