"""The demo: its data, and links made afresh at each start. Only a data folder that was seeded has links."""

from typing import Final

from evidence.ledger.transaction import Transaction
from server.auth.guests import invite, living_invitations
from server.auth.links import join_url, sign_in_url, sign_invitation
from server.auth.sign_in import make_sign_in_link
from server.auth.store import delete_unused_links
from server.services import Services
from sessions.roster import store as roster
from sessions.roster.access import access_validation
from sessions.roster.records import Account
from sessions.roster.rules import OfficeRole
from sessions.schedule.invitations import revoke_invitation
from sessions.schedule.rules import SessionState
from sessions.seed import LEAD_EMAIL, Seeded, seed

DEMO_DOMAIN: Final = ".example"
"""The end of every demo address; the name is reserved, so nobody else has it (RFC 2606)."""
LABELS: Final = {
    OfficeRole.SCSS: "Specialist",
    OfficeRole.SUPERVISOR: "Supervisor",
    OfficeRole.REVIEWER: "Reviewer",
    OfficeRole.OPERATOR: "Operator",
    OfficeRole.MEMBER: "Member contact",
}


async def seed_demo(services: Services) -> None:
    """Put the demo data into an empty installation; another one stays as it is."""
    async with services.database.write() as tx:
        if await is_empty_or_demo(tx):
            await seed(tx)


async def is_empty_or_demo(tx: Transaction) -> bool:
    """Return whether the installation has no accounts yet, or those of the demo."""
    accounts = await roster.list_accounts(tx)
    return not accounts or any(account.email == LEAD_EMAIL for account in accounts)


async def demo_links(services: Services) -> list[tuple[str, str]]:
    """Make one single-use sign-in link a demo account, and the join link of the phone, last; none without the demo.

    Links of earlier starts that nobody has opened open nothing any more.
    """
    origin = services.settings.origin
    async with services.database.write() as tx:
        if await roster.find_account_by_email(tx, LEAD_EMAIL) is None:
            return []
        seeded = await seed(tx)
        # An account that somebody has added to the demo is theirs: no link to it is printed.
        accounts = [account for account in seeded.accounts if account.email.endswith(DEMO_DOMAIN)]
        await delete_unused_links(tx, tuple(account.id for account in accounts))
        links = [
            (_label(account), sign_in_url(origin, await make_sign_in_link(tx, account.id))) for account in accounts
        ]
        if seeded.validation_session.state in {SessionState.PLANNED, SessionState.LIVE}:
            links.append((f"Phone ({seeded.guide.name})", await _phone_link(services, tx, seeded)))
    return links


async def _phone_link(services: Services, tx: Transaction, seeded: Seeded) -> str:
    lead = next(account for account in seeded.accounts if account.email == LEAD_EMAIL)
    access = await access_validation(tx, validation_id=seeded.validation.id, account_id=lead.id)
    for earlier in await living_invitations(tx, seeded.validation_session):
        if earlier.participant_id == seeded.guide.id and earlier.opened_at is None:
            await revoke_invitation(tx, access, earlier.id)
    invitation = await invite(tx, access, seeded.validation_session, seeded.guide.id)
    return join_url(services.settings.origin, sign_invitation(services.link_secret, invitation.id))


def _label(account: Account) -> str:
    return f"{LABELS[account.office_role]} ({account.name})"
