"""Mails of the schedule: what goes out, to whom, when, by file and by SMTP."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar

from tests.http.house import House, invited, listed, open_case, open_house, settle_in
from tests.parts.running import LOOPBACK, free_port


def read(path: Path) -> EmailMessage:
    """Read a mail from its file."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words(message: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def event(message: EmailMessage) -> tuple[str, int, str]:
    """Return method, sequence and start of the calendar file."""
    attached = next(part for part in message.walk() if part.get_filename() == "session.ics")
    calendar = Calendar.from_ical(attached.get_content())
    (meeting,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), int(meeting.decoded("SEQUENCE")), str(meeting.decoded("DTSTART").isoformat())


async def mails(house: House) -> list[EmailMessage]:
    """Empty the outbox and return its mails, the oldest first."""
    paths = await house.send_mails()
    return await asyncio.to_thread(lambda: [read(path) for path in paths])


async def test_invitation_brings_the_link_and_the_calendar(house: House) -> None:
    """The link of the mail is the one that was shown once; whoever invited sees when it was sent."""
    await open_case(house)
    token = await invited(house)
    lead, path = house.people["lead"], f"/validation-sessions/{house.ids['session']}/invitations"
    assert [row["mailed_at"] for row in listed(await lead.seen(path))] == [None]
    (mail,) = await mails(house)
    assert mail["To"].addresses[0].addr_spec == "ana@member.example"
    assert f"/join#{token}" in words(mail)
    assert event(mail) == ("REQUEST", 0, "2026-11-24T09:00:00-06:00")
    assert [row["mailed_at"] for row in listed(await lead.seen(path))] == ["2026-11-24T12:00:00Z"]
    assert len(await mails(house)) == 1


async def test_file_with_a_link_is_for_the_owner_alone(house: House) -> None:
    """It opens a room."""
    await open_case(house)
    await invited(house)
    (path,) = await house.send_mails()
    mode = await asyncio.to_thread(lambda: path.stat().st_mode)
    assert mode & 0o777 == 0o600


async def test_everybody_invited_is_told_of_a_new_time_once(house: House) -> None:
    """Also who was invited twice; whose invitation was withdrawn is not written to."""
    await open_case(house)
    token, lead = await invited(house), house.people["lead"]
    path = f"/validation-sessions/{house.ids['session']}"
    second = await lead.made(f"{path}/invitations", {"participant_id": house.ids["guest"]})
    withdrawn = await lead.made(f"{path}/invitations", {"participant_id": house.ids["contact_participant"]})
    await mails(house)
    await lead.ask("DELETE", f"/invitations/{withdrawn['invitation']['id']}")  # type: ignore[index,call-overload]
    body = {"starts_at_local": "2026-11-26T10:00", "duration_min": 120, "reason": "Plant closed"}
    await lead.post(f"{path}/reschedule", body)
    told = (await mails(house))[3:]
    assert [event(mail) for mail in told] == [("REQUEST", 1, "2026-11-26T10:00:00-06:00")]
    assert "Motivo: Plant closed" in words(told[0])
    assert str(second["link"]) in words(told[0])
    phone = await house.browser()
    assert (await phone.post("/join", {"token": token}))[1]["starts_at"] == "2026-11-26T16:00:00Z"


async def test_moved_link_opens_as_long_as_the_new_time_needs(house: House) -> None:
    """The old end plus a day has passed; the new one has not."""
    await open_case(house)
    token = await invited(house)
    body = {"starts_at_local": "2026-12-24T10:00", "duration_min": 120, "reason": "Later"}
    await house.people["lead"].post(f"/validation-sessions/{house.ids['session']}/reschedule", body)
    house.clock.now = house.clock.now.replace(month=12)
    assert (await (await house.browser()).post("/join", {"token": token}))[0] == 200


async def test_cancelled_session_is_taken_out_of_the_calendar(house: House) -> None:
    """With the reason and without a link."""
    await open_case(house)
    token = await invited(house)
    await mails(house)
    await house.people["lead"].post(f"/validation-sessions/{house.ids['session']}/cancel", {"reason": "Storm"})
    told = (await mails(house))[-1]
    assert event(told) == ("CANCEL", 1, "2026-11-24T09:00:00-06:00")
    assert "Storm" in words(told)
    assert token not in words(told)


async def test_closing_a_validation_calls_its_planned_sessions_off(house: House) -> None:
    """Nobody waits for a session of a closed case: the invited are told, the link is dead, the day is free."""
    await open_case(house)
    token = await invited(house)
    await mails(house)
    lead = house.people["lead"]
    assert (await lead.post(f"/validations/{house.ids['validation']}/close", {"reason": "Left the program"}))[0] == 204
    told = (await mails(house))[-1]
    assert event(told)[0] == "CANCEL"
    assert "Left the program" in words(told)
    (session,) = listed(await lead.seen(f"/validations/{house.ids['validation']}"), "sessions")
    assert session["state"] == "cancelled"
    day = await lead.seen("/worklist")
    assert (day["today"], day["coming"]) == ([], [])
    assert (await (await house.browser()).post("/join", {"token": token}))[0] == 410


async def test_withdrawn_before_it_was_sent_goes_nowhere(house: House) -> None:
    """A dead link is not mailed."""
    await open_case(house)
    await invited(house)
    await house.people["lead"].ask("DELETE", f"/invitations/{house.ids['invitation']}")
    assert await mails(house) == []


class Postbox:
    """Keeps what the SMTP server takes: to whom, and the mail."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []

    async def take(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a mail, and say so."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((envelope.rcpt_tos, mail))
        return "250 OK"

    handle_DATA = take  # noqa: N815  (the name that the server calls)


@pytest.fixture
async def by_smtp(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[tuple[House, Postbox, int]]:
    """Run the API with the port of an SMTP server that is not there yet."""
    port = free_port()
    async with open_house(sqlite_database_url, tmp_path, smtp_url=f"smtp://{LOOPBACK}:{port}") as house:
        await settle_in(house)
        yield house, Postbox(), port


async def test_mail_waits_for_its_server_and_goes_out_once(by_smtp: tuple[House, Postbox, int]) -> None:
    """A server that is down loses nothing: the job is put back and succeeds later; nothing is written to the folder."""
    house, postbox, port = by_smtp
    await open_case(house)
    token = await invited(house)
    assert await house.send_mails() == []
    assert postbox.taken == []
    house.clock.now = house.clock.now.replace(hour=13)
    server = Controller(postbox, hostname=LOOPBACK, port=port)
    await asyncio.to_thread(server.start)
    try:
        assert await house.send_mails() == []
        assert await house.send_mails() == []
    finally:
        await asyncio.to_thread(server.stop)
    ((recipients, mail),) = postbox.taken
    assert recipients == ["ana@member.example"]
    assert token in words(mail)
