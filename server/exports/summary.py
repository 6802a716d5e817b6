"""What a bundle says of a case in plain words: one page to read first, and documents for machines."""

from datetime import datetime
from zoneinfo import ZoneInfo

from evidence.export.contents import CaseSummary, SummaryTable
from evidence.records import Json
from sessions.criteria.records import CriterionView
from sessions.criteria.rules import Level
from sessions.findings.rules import FindingState
from sessions.state.records import CaseAnswer, CaseSource, CaseState, CaseValidation
from sessions.tour.interruption_rules import InterruptionCause, Witness
from sessions.tour.rules import SourceType

VERDICTS = {
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "not_applicable": "Not applicable",
    "not_verifiable_remotely": "Not verifiable remotely",
}
CAUSES = {
    InterruptionCause.CALL: "Phone call",
    InterruptionCause.SCREEN_LOCKED: "Screen locked",
    InterruptionCause.HIDDEN: "Page in the background",
    InterruptionCause.FROZEN: "Page stood still",
    InterruptionCause.MUTE_AUDIO: "Voice muted by the person",
    InterruptionCause.MUTE_VIDEO: "Picture paused by the person",
    InterruptionCause.CAMERA_SWAP: "Camera changed",
    InterruptionCause.TRACK_ENDED: "Camera lost",
    InterruptionCause.NETWORK: "Line broken",
    InterruptionCause.RELAY_CHANGE: "Another path to the server",
}
TYPES = {
    SourceType.LIVE_DEVICE: "phone or computer",
    SourceType.FIXED_CAMERA: "fixed camera",
    SourceType.DRONE: "drone",
    SourceType.SCREEN: "screen",
    SourceType.PRERECORDED: "prerecorded",
}
MARKS = {"supported": "Supported", "not_supported": "Not supported", "question": "Question"}


def summarise(state: CaseState, criteria: tuple[CriterionView, ...]) -> CaseSummary:
    """Return the readable summary of a case."""
    case = _case(state)
    answered = [criterion for criterion in criteria if criterion.id in state.answers]
    return CaseSummary(
        title=f"{case.number} {case.member_name}"[:200],
        subtitle=f"Virtual validation of {case.site_name}",
        facts=_facts(state, case, criteria),
        tables=(
            _counts(state, criteria),
            _sessions(state, case),
            _interruptions(state, case),
            _findings(state),
            _answers(state, case, answered),
            _evidence(state, case),
            _sources(state, case),
            _people(state),
            _review(state, case),
        ),
    )


def case_files(state: CaseState, criteria: tuple[CriterionView, ...]) -> dict[str, Json]:
    """Return the case's documents for machines, by file name."""
    return {
        "state": state.model_dump(mode="json"),
        "criteria": [criterion.model_dump(mode="json") for criterion in criteria],
    }


def _case(state: CaseState) -> CaseValidation:
    if state.validation is None:
        raise ValueError("a case without its first entry")
    return state.validation


def local(at: datetime | None, zone: str) -> str:
    """Return a moment by the clock of the site, with its zone; empty for none."""
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S %Z")


def _facts(state: CaseState, case: CaseValidation, criteria: tuple[CriterionView, ...]) -> tuple[tuple[str, str], ...]:
    signed = state.review_signed
    return (
        ("Member", case.member_name),
        ("Entity type", ", ".join(kind.value.replace("_", " ") for kind in case.entity_types)),
        ("Site", f"{case.site_name} ({case.time_zone})"),
        ("Method", case.method.value.replace("_", " ")),
        ("Criteria", f"{case.edition_id} as of {case.criteria_as_of.isoformat()}, {len(criteria)} criteria"),
        ("Opened", local(case.opened_at, case.time_zone)),
        ("Review", f"signed by {signed.by}, {local(signed.at, case.time_zone)}" if signed else "not signed"),
    )


def _counts(state: CaseState, criteria: tuple[CriterionView, ...]) -> SummaryTable:
    rows = []
    for level, title in ((Level.MUST, "Must"), (Level.SHOULD, "Should")):
        ids = [criterion.id for criterion in criteria if criterion.level is level]
        verdicts = [state.answers[found].verdict.value for found in ids if found in state.answers]
        counted = tuple(str(verdicts.count(verdict)) for verdict in VERDICTS)
        rows.append((title, *counted, str(len(ids) - len(verdicts)), str(len(ids))))
    columns = ("Level", *VERDICTS.values(), "Open", "All")
    return SummaryTable(title="Answers by level", columns=columns, rows=tuple(rows), brief=True)


def _sessions(state: CaseState, case: CaseValidation) -> SummaryTable:
    rows = tuple(
        (
            local(session.starts_at, session.time_zone),
            session.state.value.replace("_", " "),
            local(session.started_at, session.time_zone),
            local(session.ended_at, session.time_zone),
            "recorded" if session.recording else "not recorded",
        )
        for session in state.sessions.values()
    )
    columns = (f"Planned ({case.time_zone})", "State", "Started", "Ended", "Recording")
    return SummaryTable(title="Sessions", columns=columns, rows=rows, brief=True)


def _interruptions(state: CaseState, case: CaseValidation) -> SummaryTable:
    """In the order in which they began; the log has them in the order in which they were known."""
    rows = []
    for one in sorted(state.interruptions, key=lambda found: found.started_at):
        source = state.sources.get(one.source_id)
        person = None if source is None else state.participants.get(source.participant_id)
        lasted = "" if one.ended_at is None else f"{(one.ended_at - one.started_at).total_seconds():.1f} s"
        rows.append(
            (
                f"{source.kind.value if source else ''} of {person.name if person else ''}",
                CAUSES[one.cause],
                local(one.started_at, case.time_zone),
                local(one.ended_at, case.time_zone) or "never",
                lasted,
                "the page" if one.reported_by is Witness.PAGE else "the server",
                str(one.seq),
            )
        )
    columns = ("Source", "Why", "From", "Until", "Lasted", "Times by", "Entry")
    return SummaryTable(title="Interruptions", columns=columns, rows=tuple(rows))


def _findings(state: CaseState) -> SummaryTable:
    rows = tuple(
        (
            finding.criterion_id,
            finding.kind.value.replace("_", " "),
            "open" if finding.state is FindingState.OPEN else "closed",
            finding.due_on.isoformat() if finding.due_on else "",
            finding.note,
        )
        for finding in state.findings.values()
    )
    columns = ("Criterion", "Kind", "State", "Due", "Note")
    return SummaryTable(title="Findings", columns=columns, rows=rows, brief=True)


def _answers(state: CaseState, case: CaseValidation, answered: list[CriterionView]) -> SummaryTable:
    rows = []
    for criterion in answered:
        answer: CaseAnswer = state.answers[criterion.id]
        words = "; ".join(part for part in (answer.reason, answer.note) if part)
        rows.append(
            (
                criterion.id,
                criterion.level.value,
                criterion.gist,
                VERDICTS[answer.verdict.value],
                answer.method.value.replace("_", " "),
                words,
                f"{answer.by}, {local(answer.at, case.time_zone)}",
                str(answer.seq),
            )
        )
    columns = ("Criterion", "Level", "In short", "Verdict", "Rests on", "Note", "By", "Entry")
    return SummaryTable(title="Answers", columns=columns, rows=tuple(rows))


def _evidence(state: CaseState, case: CaseValidation) -> SummaryTable:
    rows = tuple(
        (
            item.filename,
            item.kind.value,
            item.state.value,
            ", ".join(item.criterion_ids),
            local(item.at, case.time_zone),
            item.digest,
        )
        for item in state.items.values()
    )
    columns = ("File", "Kind", "State", "Criteria", "Received", "SHA-256")
    return SummaryTable(title="Evidence", columns=columns, rows=rows)


def source_title(source: CaseSource, who: str) -> str:
    """Return what people call a source: 'Dock camera 3 (fixed camera) of Ana', or 'Ana, camera (phone or computer)'."""
    word = TYPES[source.source_type]
    return f"{source.name} ({word}) of {who}" if source.name else f"{who}, {source.kind.value} ({word})"


def _sources(state: CaseState, case: CaseValidation) -> SummaryTable:
    people = {person.id: person.name for person in state.participants.values()}
    rows = tuple(
        (
            source.name or source.kind.value,
            TYPES[source.source_type],
            people.get(source.participant_id, "Unknown"),
            local(source.opened_at, case.time_zone),
            "recorded" if source.recorded else "not recorded",
        )
        for source in state.sources.values()
    )
    columns = ("Source", "Type", "Of", "Began", "Recording")
    return SummaryTable(title="Sources", columns=columns, rows=rows)


def _people(state: CaseState) -> SummaryTable:
    rows = tuple(
        (person.name, person.role.value.replace("_", " "), person.side.value, _consent(person.consent is not None))
        for person in state.participants.values()
    )
    return SummaryTable(title="People", columns=("Name", "Role", "Side", "Consent"), rows=rows)


def _consent(given: bool) -> str:  # noqa: FBT001  (the answer itself)
    return "given" if given else ""


def _review(state: CaseState, case: CaseValidation) -> SummaryTable:
    rows = tuple(
        (criterion_id, MARKS[review.mark.value], review.note, f"{review.by}, {local(review.at, case.time_zone)}")
        for criterion_id, review in state.reviews.items()
    )
    return SummaryTable(title="Review", columns=("Criterion", "Mark", "Note", "By"), rows=rows)
