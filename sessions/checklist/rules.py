"""What makes an answer valid. Pure."""

from enum import StrEnum
from typing import Final

from sessions.errors import MethodNotFitting, NoteMissing


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


GAPS: Final = frozenset({Verdict.PARTLY_MET, Verdict.NOT_MET})
"""The verdicts that say something is missing."""


def check_answer(verdict: Verdict, method: Method, *, note: str, reason: str | None) -> None:
    """Refuse an answer that does not say enough.

    Source: domain.md part 10, a finding names its evidence and the method used, so a gap needs a note; part 2,
    a criterion is declared not applicable with a reason; part 8, 'not verifiable remotely' sends an item on site, which
    nobody who stood there can say.
    Raises: NoteMissing, MethodNotFitting.
    """
    if verdict in GAPS and not note.strip():
        raise NoteMissing(verdict=verdict.value, field="note")
    if verdict is Verdict.NOT_APPLICABLE and not (reason or "").strip():
        raise NoteMissing(verdict=verdict.value, field="reason")
    if verdict is Verdict.NOT_VERIFIABLE_REMOTELY and method is Method.IN_PERSON:
        raise MethodNotFitting(verdict=verdict.value, method=method.value)


def is_stale(base_version: int, current_version: int) -> bool:
    """Say whether the writer saw another version than the current one; 0 stands for no answer yet."""
    return base_version != current_version
