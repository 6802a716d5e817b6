"""The criteria editions, read from their data files, and what they ask of a member on a day."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from sessions.criteria.records import Category, Criterion, CriterionView, Edition
from sessions.criteria.rules import EntityType, level_on, needs_booklet, place
from sessions.errors import CriterionNotFound, EditionNotFound
from sessions.ids import CriterionId, EditionId

# Read once, with the program: it is part of it, and a file read on first use would stop the event loop.
_MSC_2020: Final = Edition.model_validate_json((files(__package__) / "msc_2020.json").read_bytes())

EDITIONS: Final[Mapping[EditionId, Edition]] = MappingProxyType({_MSC_2020.edition.id: _MSC_2020})
"""Every edition by its id; old ones stay."""
CURRENT_EDITION: Final = _MSC_2020.edition.id
"""The edition of new validations."""


def edition_named(edition_id: EditionId) -> Edition:
    """Return an edition; raises EditionNotFound."""
    edition = EDITIONS.get(edition_id)
    if edition is None:
        raise EditionNotFound(edition_id=edition_id)
    return edition


@lru_cache(maxsize=256)
def criteria_for(edition_id: EditionId, entity_types: tuple[EntityType, ...], as_of: date) -> tuple[CriterionView, ...]:
    """Return the criteria that bind a member of these types on a day, in the order of their numbers.

    Raises: EditionNotFound.
    """
    edition = edition_named(edition_id)
    categories = {category.id: category for category in edition.categories}
    applying = (criterion for criterion in edition.criteria if set(criterion.applies_to) & set(entity_types))
    return tuple(
        _view(criterion, categories[criterion.category], entity_types, as_of)
        for criterion in sorted(applying, key=lambda criterion: place(criterion.id))
    )


def _view(criterion: Criterion, category: Category, entity_types: tuple[EntityType, ...], as_of: date) -> CriterionView:
    return CriterionView(
        id=criterion.id,
        category=category.id,
        category_name=category.name,
        category_name_es=category.name_es,
        level=level_on([(each.since, each.level) for each in criterion.levels], as_of),
        gist=criterion.gist,
        gist_es=criterion.gist_es,
        sub_items=criterion.sub_items,
        verify_by=criterion.verify_by,
        typical_evidence=criterion.typical_evidence,
        typical_evidence_es=criterion.typical_evidence_es,
        remote_fit=criterion.remote_fit,
        check_booklet=needs_booklet(
            confirmed=criterion.confirmed,
            member_types=entity_types,
            confirmed_types=criterion.applies_to_confirmed,
        ),
    )


def criterion_of(
    edition_id: EditionId, entity_types: tuple[EntityType, ...], as_of: date, criterion_id: CriterionId
) -> CriterionView:
    """Return one criterion as it binds a member; raises EditionNotFound and CriterionNotFound."""
    for criterion in criteria_for(edition_id, entity_types, as_of):
        if criterion.id == criterion_id:
            return criterion
    raise CriterionNotFound(criterion_id=criterion_id)
