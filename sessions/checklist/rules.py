"""What makes an answer valid. Pure."""

from enum import StrEnum


class Verdict(StrEnum):
    """The five answers to a criterion."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NOT_VERIFIABLE_REMOTELY = "not_verifiable_remotely"


class Method(StrEnum):
    """What an answer rests on."""

    LIVE = "live"
    RECORDED = "recorded"
    DOCUMENT = "document"
    INTERVIEW = "interview"
    CCTV = "cctv"
    IN_PERSON = "in_person"
