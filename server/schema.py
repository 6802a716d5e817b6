"""Every table of the database in one MetaData, for migrations and for tests that compare."""

import importlib
from typing import Final

TABLE_MODULES: Final = (
    "evidence.ledger.tables",
    "evidence.intake.tables",
    "evidence.items.tables",
    "evidence.custody.tables",
    "evidence.examination.tables",
    "evidence.segments.tables",
    "sessions.roster.tables",
    "sessions.schedule.tables",
    "sessions.tour.tables",
    "sessions.readiness.tables",
    "sessions.checklist.tables",
    "sessions.findings.tables",
    "sessions.review.tables",
    "sessions.criteria.tables",
    "server.auth.tables",
    "server.access_log.tables",
    "server.exports.tables",
    "server.jobs.tables",
    "server.jobs.letters.tables",
    "server.live.tables",
)


def import_tables() -> None:
    """Import each module that declares tables."""
    for name in TABLE_MODULES:
        importlib.import_module(name)
