"""Letters and calendar files: what a participant is told, in both languages and by the clocks of the site."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar

from server.config import Settings
from server.jobs.letters.message import write_message
from server.jobs.letters.records import MailKind, Occasion
from server.jobs.letters.wording import write_letter
from sessions.ids import InvitationId, ValidationId, ValidationSessionId

SESSION = ValidationSessionId(UUID("0192d0a0-0000-7000-8000-00000000000a"))
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SECRET = bytes(32)
LINK = "https://office.example/join#token"


def occasion(**changes: object) -> Occasion:
    """Return an invitation to a session in Monterrey on 24 November 2026, 09:00 to 11:30 local time."""
    fields: dict[str, object] = {
        "mail_id": UUID("0192d0a0-0000-7000-8000-000000000001"),
        "kind": MailKind.INVITED,
        "reason": "",
        "invitation_id": InvitationId(UUID("0192d0a0-0000-7000-8000-000000000002")),
        "revoked": False,
        "expires_at": datetime(2026, 11, 25, 5, 30, tzinfo=UTC),
        "validation_id": ValidationId(UUID("0192d0a0-0000-7000-8000-000000000003")),
        "validation_session_id": SESSION,
        "version": 1,
        "number": "V-2026-0042",
        "member_name": "Acero del Norte",
        "site_name": "Planta 1",
        "site_address": "Av. Industrial 100, Apodaca",
        "time_zone": "America/Monterrey",
        "starts_at": datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        "duration_min": 150,
        "recording": True,
        "has_account": False,
        "name": "María Peña",
        "email": "maria@acero.example",
        "language": "es",
    }
    return Occasion.model_validate(fields | changes)


def settings(tmp_path: Path) -> Settings:
    """Return settings of an office behind a proxy."""
    return Settings(
        data=tmp_path,
        public_url="https://office.example",
        mail_from="office@office.example",
        office_name="Field Office",
    )


def parse(message: EmailMessage) -> tuple[EmailMessage, Calendar]:
    """Read a mail back from its bytes, with the calendar file attached to it."""
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    attached = next(part for part in read.walk() if part.get_filename() == "session.ics")
    return read, Calendar.from_ical(attached.get_content())


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("es", "martes 24 de noviembre de 2026, 09:00 a 11:30", "Tuesday, 24 November 2026, 09:00 to 11:30"),
        ("en", "Tuesday, 24 November 2026, 09:00 to 11:30", "martes 24 de noviembre de 2026, 09:00 a 11:30"),
    ],
)
def test_letter_names_the_time_by_the_clocks_of_the_site_in_both_languages(
    language: str, first: str, second: str
) -> None:
    """The reader's own language stands first; the zone is named with its offset on that day."""
    letter = write_letter(occasion(language=language), office_name="Field Office", link=LINK)
    assert f"{first} (America/Monterrey, UTC-06:00)" in letter.text
    assert letter.text.index(first) < letter.text.index(second)
    assert letter.text.count(LINK) == 2


def test_letter_follows_the_zone_through_a_change_of_its_clocks() -> None:
    """A session that begins before the clocks change ends by the new time: 00:30 EDT plus 120 minutes is 01:30 EST."""
    night = occasion(time_zone="America/New_York", starts_at=datetime(2026, 11, 1, 4, 30, tzinfo=UTC), duration_min=120)
    assert "00:30 to 01:30 (America/New_York, UTC-04:00)" in write_letter(night, office_name="F", link=LINK).text


def test_letter_of_a_cancelled_session_gives_the_reason_and_no_link() -> None:
    """A link that opens nothing is not sent."""
    letter = write_letter(
        occasion(kind=MailKind.CANCELLED, reason="Storm at the plant"), office_name="Field Office", link=LINK
    )
    assert "Motivo: Storm at the plant" in letter.text
    assert LINK not in letter.text
    assert letter.subject.startswith("Cancelada: sesión de validación V-2026-0042")


def test_letter_to_an_account_asks_to_sign_in(tmp_path: Path) -> None:
    """Who has an account gets no link that signs them in."""
    message, _ = parse(write_message(occasion(has_account=True), settings(tmp_path), SECRET, now=NOW))
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"https://office.example/room/0192d0a0-0000-7000-8000-000000000003/{SESSION}" in text
    assert "/join#" not in text


def test_calendar_file_keeps_the_event_and_counts_its_changes(tmp_path: Path) -> None:
    """A new time is the same event with a greater SEQUENCE; the times stand in the zone of the site."""
    first = parse(write_message(occasion(), settings(tmp_path), SECRET, now=NOW))[1]
    moved = occasion(kind=MailKind.RESCHEDULED, version=2, starts_at=datetime(2026, 11, 26, 16, 0, tzinfo=UTC))
    second = parse(write_message(moved, settings(tmp_path), SECRET, now=NOW))[1]
    before, after = first.walk("VEVENT")[0], second.walk("VEVENT")[0]
    assert before["UID"] == after["UID"] == f"{SESSION}@sightline"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)
    assert (first["METHOD"], second["METHOD"]) == ("REQUEST", "REQUEST")
    assert before["DTSTART"].params["TZID"] == "America/Monterrey"
    assert after.decoded("DTSTART").strftime("%Y-%m-%dT%H:%M %z") == "2026-11-26T10:00 -0600"
    assert [zone["TZID"] for zone in first.walk("VTIMEZONE")] == ["America/Monterrey"]


def test_calendar_file_of_a_cancelled_session_takes_the_event_away(tmp_path: Path) -> None:
    """METHOD:CANCEL with the same UID."""
    cancelled = occasion(kind=MailKind.CANCELLED, version=3, revoked=True)
    calendar = parse(write_message(cancelled, settings(tmp_path), SECRET, now=NOW))[1]
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert event["UID"] == f"{SESSION}@sightline"


def test_mail_sent_twice_is_one_mail_to_the_reader(tmp_path: Path) -> None:
    """A worker killed between sending and noting it sends again, under the same Message-ID."""
    mails = [write_message(occasion(), settings(tmp_path), SECRET, now=NOW) for _ in range(2)]
    assert mails[0]["Message-ID"] == mails[1]["Message-ID"] == f"<{occasion().mail_id}@office.example>"


def test_mail_keeps_names_with_accents_and_commas_whole(tmp_path: Path) -> None:
    """A name is a display name, never a second address."""
    message, calendar = parse(write_message(occasion(name="Peña, María; CEO"), settings(tmp_path), SECRET, now=NOW))
    assert [(str(a.display_name), a.addr_spec) for a in message["To"].addresses] == [
        ("Peña, María; CEO", "maria@acero.example")
    ]
    assert calendar.walk("VEVENT")[0]["ATTENDEE"] == "mailto:maria@acero.example"
