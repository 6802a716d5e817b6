"""Every table of the domain: importing this module puts them all on the one MetaData."""

from sessions.checklist import tables as checklist
from sessions.criteria import tables as criteria
from sessions.findings import tables as findings
from sessions.readiness import tables as readiness
from sessions.review import tables as review
from sessions.roster import tables as roster
from sessions.schedule import tables as schedule
from sessions.tour import tables as tour

__all__ = ["checklist", "criteria", "findings", "readiness", "review", "roster", "schedule", "tour"]
