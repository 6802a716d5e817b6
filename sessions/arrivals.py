"""Evidence that arrives: what it may refer to, and what its arrival means for the validation."""

from collections.abc import Mapping
from typing import Final

from evidence.intake.rules import Allowance
from evidence.items.rules import Item, ItemContext
from evidence.ledger.transaction import Transaction
from sessions.checklist.actions import check_criterion
from sessions.ids import CriterionId, StillId
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission, Role
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.tour import store as tour
from sessions.tour.actions import take_still
from sessions.tour.rules import StillState

_MB: Final = 1024 * 1024
_BY_LINK: Final = Allowance(largest_bytes=512 * _MB, open_bytes=2048 * _MB)
_AT_A_DESK: Final = Allowance(largest_bytes=2048 * _MB, open_bytes=8192 * _MB)
ALLOWANCES: Final[Mapping[Role, Allowance]] = {
    **dict.fromkeys((Role.SCSS_LEAD, Role.SCSS, Role.MEMBER_POC, Role.MEMBER_EXPERT), _AT_A_DESK),
    Role.CAMERA_OPERATOR: _BY_LINK,
}
"""What each role that may upload may have under way; a phone at the gate, opened by a link, the least."""


def allowance_of(role: Role) -> Allowance:
    """Return what one of this role may have under way."""
    return ALLOWANCES.get(role, _BY_LINK)


async def check_arrival(tx: Transaction, access: Access, context: ItemContext) -> None:
    """Refuse evidence from who may not add any, or that refers to something outside the validation.

    Raises: NotAllowed; WrongPhase; CriterionNotFound; StopNotFound; StillNotFound; ValidationNotFound.
    """
    require(access, Permission.UPLOAD)
    validation = await open_case(tx, access)
    if context.criterion_id is not None:
        check_criterion(validation, CriterionId(context.criterion_id))
    if context.validation_session_id is not None:
        await schedule.get_session(tx, access.validation_id, context.validation_session_id)
    if context.stop_id is not None:
        await tour.check_stop(tx, access.validation_id, context.stop_id)
    if context.still_id is not None:
        await tour.lock_still(tx, access.validation_id, StillId(context.still_id))


async def state_arrival(tx: Transaction, access: Access, item: Item) -> None:
    """Let the still that was asked for be taken; the item's own entry is made by the locker.

    A picture that comes after another one of the same still is kept beside it: the phone's own may be late, and the
    server's frame was only there to fill in for it.
    """
    if item.context.still_id is None:
        return
    still = await tour.lock_still(tx, access.validation_id, StillId(item.context.still_id))
    if still.state is not StillState.TAKEN:
        await take_still(tx, access, still.id)
