"""Loading an office's own official texts; the deployment log says when and which."""

import hashlib

from evidence.ledger.transaction import Transaction
from sessions.criteria import store
from sessions.criteria.events import OfficialTextsLoaded
from sessions.criteria.texts import parse_official_texts
from sessions.ids import EditionId
from sessions.roster.actions import record_in_deployment, require_office
from sessions.roster.records import Account
from sessions.roster.rules import OfficePermission


async def load_official_texts(
    tx: Transaction, by: Account, edition_id: EditionId, content: bytes, media_type: str
) -> int:
    """Put a file's texts in the place of the edition's earlier ones.

    Returns: how many texts it has.
    Raises: NotAllowed; EditionNotFound; OfficialTextsInvalid.
    """
    require_office(by, OfficePermission.LOAD_OFFICIAL_TEXTS)
    texts = parse_official_texts(edition_id, content, media_type)
    await store.replace_texts(tx, edition_id, texts)
    loaded = OfficialTextsLoaded(edition_id=edition_id, texts=len(texts), digest=hashlib.sha256(content).hexdigest())
    await record_in_deployment(tx, by, loaded)
    return len(texts)
