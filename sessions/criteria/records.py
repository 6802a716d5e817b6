"""Editions and criteria as values. The wording is the project's own; CBP's is not shipped."""

from datetime import date
from typing import Literal

from evidence.records import Record
from sessions.criteria.rules import EntityType, Level
from sessions.ids import CriterionId, EditionId

VerifyBy = Literal["document", "interview", "photo", "system_demo", "tour"]
"""How a criterion can be verified."""
RemoteFit = Literal["strong", "partial", "weak"]
"""How well a remote view serves: records or a live system suffice; a guided tour leaves doubt; poor proof."""


class LevelSince(Record):
    """How binding a criterion is from a day on; None for from the beginning of the edition."""

    level: Level
    since: date | None


class SubItem(Record):
    """A part of a criterion that is answered with it."""

    level: Level
    gist: str
    gist_es: str


class Criterion(Record):
    """One line of the Minimum Security Criteria."""

    id: CriterionId
    category: int
    levels: tuple[LevelSince, ...]
    applies_to: tuple[EntityType, ...]
    applies_to_confirmed: tuple[EntityType, ...]
    confirmed: bool
    gist: str
    gist_es: str
    sub_items: tuple[SubItem, ...]
    verify_by: tuple[VerifyBy, ...]
    typical_evidence: tuple[str, ...]
    typical_evidence_es: tuple[str, ...]
    remote_fit: RemoteFit


class Category(Record):
    """One of the twelve chapters."""

    id: int
    name: str
    name_es: str
    focus_area: str
    focus_area_es: str


class EditionTitle(Record):
    """Which edition it is and when it was amended."""

    id: EditionId
    title: str
    amended: tuple[date, ...]


class Edition(Record):
    """A whole edition, as the data file has it."""

    edition: EditionTitle
    categories: tuple[Category, ...]
    criteria: tuple[Criterion, ...]


class CriterionView(Record):
    """A criterion as it binds one member on one day.

    `check_booklet` asks the reader to look into the official booklet: we have no confirmation of the criterion, or
    none that it applies to this kind of member.
    """

    id: CriterionId
    category: int
    category_name: str
    category_name_es: str
    level: Level
    gist: str
    gist_es: str
    sub_items: tuple[SubItem, ...]
    verify_by: tuple[VerifyBy, ...]
    typical_evidence: tuple[str, ...]
    typical_evidence_es: tuple[str, ...]
    remote_fit: RemoteFit
    check_booklet: bool
    official_text: str | None = None
