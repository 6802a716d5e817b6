"""Rows of official texts. Nothing here commits."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from evidence.ledger.transaction import Transaction
from sessions.criteria.records import CriterionView
from sessions.criteria.tables import official_text
from sessions.ids import CriterionId, EditionId


async def replace_texts(tx: Transaction, edition_id: EditionId, texts: Mapping[CriterionId, str]) -> None:
    """Put these texts in the place of those loaded before for the edition."""
    await tx.execute(delete(official_text).where(official_text.c.edition_id == edition_id))
    rows = [{"edition_id": edition_id, "criterion_id": key, "text": text} for key, text in texts.items()]
    await tx.execute(insert(official_text).values(rows))


async def list_texts(tx: Transaction, edition_id: EditionId) -> Mapping[CriterionId, str]:
    """Return the official texts loaded for an edition."""
    query = select(official_text.c.criterion_id, official_text.c.text).where(official_text.c.edition_id == edition_id)
    return {row["criterion_id"]: row["text"] for row in (await tx.execute(query)).mappings()}


async def with_texts(
    tx: Transaction, edition_id: EditionId, criteria: tuple[CriterionView, ...]
) -> tuple[CriterionView, ...]:
    """Return the criteria with the official text beside each that has one."""
    texts = await list_texts(tx, edition_id)
    return tuple(
        criterion.model_copy(update={"official_text": texts[criterion.id]}) if criterion.id in texts else criterion
        for criterion in criteria
    )
