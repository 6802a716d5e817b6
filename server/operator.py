"""What the operator's tools do, each on its own connections."""

from server.config import Settings
from server.demo import add_first_account
from server.migrations import check_schema
from server.wiring import open_services


async def add_account(settings: Settings, *, email: str, name: str, office_role: str, password: str) -> None:
    """Add a government account that signs in by password."""
    await check_schema(settings.database)
    async with open_services(settings) as services:
        await add_first_account(services, email=email, name=name, office_role=office_role, password=password)
