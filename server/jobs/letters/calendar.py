"""The calendar file of a session: one event that later letters move or cancel."""

from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from server.jobs.letters.records import Letter, MailKind, Occasion

_MARGIN: Final = timedelta(days=2)
"""The zone's rules are given for the days around the session; the event is in none other."""


def calendar_file(occasion: Occasion, letter: Letter, *, office_name: str, office_email: str, now: datetime) -> bytes:
    """Return the iCalendar file; METHOD is REQUEST, or CANCEL when the session will not take place.

    Source: RFC 5545; RFC 5546, 3.2.2 and 3.2.5: the same UID, a greater SEQUENCE for each change.
    """
    cancelled = occasion.kind is MailKind.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Sightline//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    start, end = occasion.local_start, occasion.local_end
    zone = Timezone.from_tzid(occasion.time_zone, first_date=(start - _MARGIN).date(), last_date=(end + _MARGIN).date())
    calendar.add_component(zone)
    event = Event()
    event.add("uid", f"{occasion.validation_session_id}@sightline")
    event.add("sequence", occasion.version)
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", letter.subject)
    event.add("location", f"{occasion.site_name}, {occasion.site_address}")
    event.add("description", letter.text)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _address(office_name, office_email))
    event.add("attendee", _address(occasion.name, occasion.email))
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
