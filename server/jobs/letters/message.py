"""The mail as it goes on the wire."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from server.auth.links import join_url, room_url, sign_invitation
from server.config import Settings
from server.jobs.letters.calendar import calendar_file
from server.jobs.letters.records import MailKind, Occasion
from server.jobs.letters.wording import write_letter


def write_message(occasion: Occasion, settings: Settings, link_secret: bytes, *, now: datetime) -> EmailMessage:
    """Return the mail of an occasion with its calendar file.

    Its Message-ID is the outbox row's, so that a mail sent twice after a crash is one mail to the reader.
    """
    letter = write_letter(occasion, office_name=settings.office_name, link=room_link(occasion, settings, link_secret))
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{occasion.mail_id}@{settings.mail_from.rpartition('@')[2]}>"
    message["Date"] = format_datetime(now)
    message["From"] = Address(settings.office_name, addr_spec=settings.mail_from)
    message["To"] = Address(occasion.name, addr_spec=occasion.email)
    message["Subject"] = letter.subject
    message["Content-Language"] = occasion.language
    message.set_content(letter.text)
    calendar = calendar_file(
        occasion, letter, office_name=settings.office_name, office_email=settings.mail_from, now=now
    ).decode()
    method = "CANCEL" if occasion.kind is MailKind.CANCELLED else "REQUEST"
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    message.add_attachment(calendar, subtype="calendar", filename="session.ics", params={"method": method})
    return message


def room_link(occasion: Occasion, settings: Settings, link_secret: bytes) -> str:
    """Return where the participant joins: by the link that is theirs, or signed in when they have an account."""
    if occasion.has_account:
        return room_url(settings.origin, occasion.validation_id, occasion.validation_session_id)
    return join_url(settings.origin, sign_invitation(link_secret, occasion.invitation_id))
