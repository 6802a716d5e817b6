"""Putting a bundle together. Only the worker can: the bundle is signed with the deployment's key."""

from uuid import UUID

from evidence import locker
from evidence.export.bag import Bag
from evidence.export.contents import ExportContents
from evidence.export.gather import gather
from evidence.ids import CaseId, ExportId, SourceId, case_log
from evidence.ledger.actions import make_checkpoint
from evidence.ledger.checkpoints import Signer
from evidence.ledger.rules import Audience
from server.exports.summary import case_files, source_title, summarise
from server.services import Services
from sessions.criteria.editions import criteria_for
from sessions.criteria.store import with_texts
from sessions.state.records import CaseState


async def collect(
    services: Services, signer: Signer, *, validation_id: UUID, export_id: ExportId, made_by: str
) -> ExportContents:
    """Sign a checkpoint of the case and collect everything up to it, for government eyes.

    Raises: LogNotFound; LogEmpty.
    """
    case_id = CaseId(validation_id)
    async with services.database.write() as tx:
        await make_checkpoint(tx, case_log(case_id), signer)
    state = await services.snapshots.current(validation_id, Audience.GOVERNMENT)
    case = state.validation
    if case is None:
        raise ValueError("a case without its first entry")
    async with services.database.read() as tx:
        criteria = criteria_for(case.edition_id, case.entity_types, case.criteria_as_of)
        criteria = await with_texts(tx, case.edition_id, criteria)
        gathered = await gather(tx, case_id, audience=Audience.GOVERNMENT, names=_names(state))
    return ExportContents(
        export_id=export_id,
        name=case.number,
        organization=services.settings.office_name,
        made_by=made_by,
        made_at=services.clock(),
        vkey=signer.vkey,
        summary=summarise(state, criteria),
        case_files=case_files(state, criteria),
        ledger=gathered.ledger,
        originals=gathered.originals,
        recordings=gathered.recordings,
        derivatives=gathered.derivatives,
    )


async def open_bag(services: Services, signer: Signer, contents: ExportContents) -> Bag:
    """Return the bag of the contents, ready to be written; what has a key of its own is in it readable."""
    async with services.database.read() as tx:
        keys = await locker.keys_of_case(tx, services.intake, CaseId(contents.ledger.log_id))
    return Bag(contents, objects=locker.readable(services.intake, keys), signer=signer, cpu=services.cpu)


def _names(state: CaseState) -> dict[SourceId, str]:
    people = {person.id: person.name for person in state.participants.values()}
    return {
        source.id: source_title(source, people.get(source.participant_id, "Unknown"))
        for source in state.sources.values()
    }
