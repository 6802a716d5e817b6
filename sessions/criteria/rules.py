"""Which criteria apply to whom, since when, and in which order. Pure."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum


class EntityType(StrEnum):
    """The twelve kinds of member that have a booklet of criteria. Source: domain.md part 2."""

    IMPORTER = "importer"
    EXPORTER = "exporter"
    FOREIGN_MANUFACTURER = "foreign_manufacturer"
    HIGHWAY_CARRIER = "highway_carrier"
    MEXICAN_LONG_HAUL_CARRIER = "mexican_long_haul_carrier"
    CUSTOMS_BROKER = "customs_broker"
    CONSOLIDATOR = "consolidator"
    THIRD_PARTY_LOGISTICS = "third_party_logistics"
    SEA_CARRIER = "sea_carrier"
    AIR_CARRIER = "air_carrier"
    RAIL_CARRIER = "rail_carrier"
    MARINE_PORT_TERMINAL_OPERATOR = "marine_port_terminal_operator"


class Level(StrEnum):
    """How binding a criterion is."""

    MUST = "must"
    SHOULD = "should"


def level_on(levels: Sequence[tuple[date | None, Level]], as_of: date) -> Level:
    """Return how binding a criterion is on a day.

    Source: domain.md part 2, 3.9 (social compliance against forced labor) went from Should to Must on 1 Jan 2023; law
    asks for a yearly review (part 1), so every level has a day from which it holds.

    Args: levels: since when which level holds, in order; the first since None, from the beginning of the edition.
    """
    return [level for since, level in levels if since is None or since <= as_of][-1]


def needs_booklet(
    *, confirmed: bool, member_types: Collection[EntityType], confirmed_types: Collection[EntityType]
) -> bool:
    """Say whether the reader should look into the official booklet.

    Source: domain.md part 11, most booklets could not be read; ids missing from a booklet do not apply to that entity.
    """
    return not confirmed or not set(member_types) & set(confirmed_types)


def place(criterion_id: str) -> tuple[int, int]:
    """Return where a criterion stands in the list: by its numbers, so that 4.2 comes before 4.10."""
    category, number = criterion_id.split(".")
    return int(category), int(number)
