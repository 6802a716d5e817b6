"""Which criteria apply to whom, since when, and in which order. Pure."""

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
