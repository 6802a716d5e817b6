"""The criteria that bind a validation, and an office's own official texts of an edition."""

from evidence.records import Count, Record
from server.auth.accounts import account_of
from server.auth.visits import access_of
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation, Who, read_body
from sessions.criteria.editions import criteria_for
from sessions.criteria.records import CriterionView
from sessions.criteria.store import with_texts
from sessions.criteria.texts import LARGEST_FILE_BYTES
from sessions.ids import EditionId
from sessions.official_texts import load_official_texts
from sessions.roster.rules import OfficeRole
from sessions.schedule.store import get_validation


class EditionPath(Record):
    """One criteria edition."""

    edition_id: EditionId


class CriterionList(Record):
    """Criteria in the order of their numbers."""

    items: tuple[CriterionView, ...]


class TextsLoaded(Record):
    """How many official texts the edition has now."""

    texts: Count


async def list_criteria(call: Call, *, path: ValidationPath) -> CriterionList:
    """List the criteria of a validation; the office's official wording stands beside those it has loaded."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        validation = await get_validation(tx, access.validation_id)
        criteria = criteria_for(validation.edition_id, validation.entity_types, validation.criteria_as_of)
        return CriterionList(items=await with_texts(tx, validation.edition_id, criteria))


async def load_texts(call: Call, *, path: EditionPath) -> TextsLoaded:
    """Load the official wording of an edition from CSV or JSON; what is wrong is named by line."""
    content = await read_body(call.request, LARGEST_FILE_BYTES)
    async with call.services.database.write() as tx:
        by = await account_of(tx, call.principal)
        texts = await load_official_texts(tx, by, path.edition_id, content, call.request.content_type)
    return TextsLoaded(texts=texts)


OPERATIONS = (
    Operation("GET", "/api/validations/{validation_id}/criteria", list_criteria, "Criteria of a validation"),
    Operation(
        "POST",
        "/api/editions/{edition_id}/texts",
        load_texts,
        "Load the official wording of an edition",
        Who.GOVERNMENT,
        roles=(OfficeRole.SUPERVISOR.value,),
        raw_body=("text/csv", "application/json"),
    ),
)
