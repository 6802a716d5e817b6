"""What a person's day is made of. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sessions.overview.records import SessionLine, ValidationLine, WaitingFor, WaitingLine, Worklist
from sessions.roster.rules import Permission, Role, may
from sessions.schedule.rules import Phase, SessionState, local_day

_TO_COME: Final = frozenset({SessionState.PLANNED, SessionState.LIVE})
_NO_DATE: Final = date.max


def worklist(validations: Sequence[ValidationLine], sessions: Sequence[SessionLine], *, now: datetime) -> Worklist:
    """Return the worklist of the person whose validations and sessions these are.

    A closed validation has nothing to come. Today is the day at the site; a live session is today's whenever it began.
    What is due first stands first.
    """
    still_open = {one.id for one in validations if one.phase is not Phase.CLOSED}
    planned = (one for one in sessions if one.state in _TO_COME and one.validation_id in still_open)
    coming = sorted(planned, key=lambda one: (one.starts_at, one.id))
    today = tuple(one for one in coming if _is_today(one, now))
    later = tuple(one for one in coming if not _is_today(one, now) and one.starts_at > now)
    waiting = [line for one in validations for line in _waiting(one, sessions, now)]
    waiting.sort(key=lambda line: (line.due_on or _NO_DATE, line.number, line.waiting_for))
    return Worklist(today=today, coming=later, waiting=tuple(waiting))


def _is_today(session: SessionLine, now: datetime) -> bool:
    same_day = local_day(session.starts_at, session.time_zone) == local_day(now, session.time_zone)
    return session.state is SessionState.LIVE or same_day


def _waiting(one: ValidationLine, sessions: Iterable[SessionLine], now: datetime) -> Iterator[WaitingLine]:
    if one.phase is Phase.CLOSED:
        return
    own = [session for session in sessions if session.validation_id == one.id]
    coming = [session for session in own if session.state in _TO_COME]
    held = [session for session in own if session.state is SessionState.ENDED]
    late = [session for session in coming if session.state is SessionState.PLANNED and _is_over(session, now)]
    counts: dict[WaitingFor, int] = {
        WaitingFor.SCHEDULE: int(may(one.role, Permission.SCHEDULE) and not coming and not held),
        WaitingFor.OUTCOME: len(late) if may(one.role, Permission.SCHEDULE) else 0,
        WaitingFor.REQUESTS: one.open_requests if _follows_requests(one.role) else 0,
        WaitingFor.FINDINGS: one.open_findings,
        WaitingFor.REVIEW: int(_follows_review(one.role) and bool(held) and not coming and one.review_signed is False),
    }
    for waiting_for, count in counts.items():
        if count:
            due_on = one.next_due_on if waiting_for is WaitingFor.FINDINGS else None
            yield WaitingLine(
                waiting_for=waiting_for,
                validation_id=one.id,
                number=one.number,
                member_name=one.member_name,
                count=count,
                due_on=due_on,
            )


def _is_over(session: SessionLine, now: datetime) -> bool:
    return now >= session.starts_at + timedelta(minutes=session.duration_min)


def _follows_requests(role: Role) -> bool:
    return may(role, Permission.UPLOAD) or may(role, Permission.ANSWER)


def _follows_review(role: Role) -> bool:
    return may(role, Permission.REVIEW) or role is Role.SUPERVISOR
