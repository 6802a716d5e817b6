"""The letters, in English and Spanish: the reader's language first, the other below, because letters are passed on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from server.jobs.letters.records import Letter, MailKind, Occasion

_MONTHS: Final[Mapping[str, str]] = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_DAYS: Final[Mapping[str, str]] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
_OTHER: Final = {"en": "es", "es": "en"}
_RULE: Final = "\n\n" + "-" * 60 + "\n\n"


def write_letter(occasion: Occasion, *, office_name: str, link: str) -> Letter:
    """Return the letter of the occasion.

    Args: link: the join link, or the page to sign in on for a participant with an account; unused when cancelled.
    """
    language = occasion.language
    texts = [_WRITERS[tongue](occasion, office_name, link) for tongue in (language, _OTHER[language])]
    return Letter(subject=_subject(occasion, language), text=_RULE.join(texts) + "\n")


def day_in_words(moment: datetime, language: str) -> str:
    """Return the day of a local time as people write it."""
    weekday, month = _DAYS[language].split()[moment.weekday()], _MONTHS[language].split()[moment.month - 1]
    if language == "es":
        return f"{weekday} {moment.day} de {month} de {moment.year}"
    return f"{weekday}, {moment.day} {month} {moment.year}"


def zone_in_words(moment: datetime, time_zone: str) -> str:
    """Return the zone's name with its offset on that day, such as `America/Monterrey, UTC-06:00`."""
    offset = moment.strftime("%z")
    return f"{time_zone}, UTC{offset[:3]}:{offset[3:5]}"


def _subject(occasion: Occasion, language: str) -> str:
    openings = {
        "en": {
            MailKind.INVITED: "Invitation",
            MailKind.RESCHEDULED: "New time",
            MailKind.CANCELLED: "Cancelled",
        },
        "es": {
            MailKind.INVITED: "Invitación",
            MailKind.RESCHEDULED: "Nuevo horario",
            MailKind.CANCELLED: "Cancelada",
        },
    }
    what = {"en": "validation session", "es": "sesión de validación"}
    start = occasion.local_start
    return (
        f"{openings[language][occasion.kind]}: {what[language]} {occasion.number}, "
        f"{day_in_words(start, language)}, {start:%H:%M} ({occasion.time_zone})"
    )


def _when(occasion: Occasion, language: str) -> str:
    start, end = occasion.local_start, occasion.local_end
    to = {"en": "to", "es": "a"}[language]
    zone = zone_in_words(start, occasion.time_zone)
    return f"{day_in_words(start, language)}, {start:%H:%M} {to} {end:%H:%M} ({zone})"


def _english(occasion: Occasion, office_name: str, link: str) -> str:
    facts = (
        f"Validation: {occasion.number}, {occasion.member_name}\n"
        f"Site: {occasion.site_name}, {occasion.site_address}\n"
        f"When: {_when(occasion, 'en')}"
    )
    reason = [f"Reason: {occasion.reason}"] if occasion.reason else []
    greeting = f"Hello {occasion.name},"
    if occasion.kind is MailKind.CANCELLED:
        opening = "this validation session will not take place:"
        closing = "Nothing is left for you to do. Your link for it no longer opens."
        return "\n\n".join([greeting, opening, facts, *reason, closing, office_name])
    opening = {
        MailKind.INVITED: f"{office_name} invites you to a virtual validation session.",
        MailKind.RESCHEDULED: "your validation session has a new time.",
    }[occasion.kind]
    recording = "The session is recorded if you agree" if occasion.recording else "The session is not recorded"
    consent = f"{recording}. Before your camera sends anything, the page tells you what is kept, and you decide."
    return "\n\n".join([greeting, opening, facts, *reason, _english_link(occasion, link), consent, office_name])


def _english_link(occasion: Occasion, link: str) -> str:
    if occasion.has_account:
        return f"Sign in and join here:\n{link}"
    expires = occasion.expires_at.astimezone(occasion.local_start.tzinfo)
    return (
        f"Open this link on the phone that you will carry through the site:\n{link}\n\n"
        "The link is yours alone: it belongs to the first browser that opens it, so please do not pass it on. "
        f"It opens until {day_in_words(expires, 'en')}, {expires:%H:%M}. A charged phone and the test of the "
        "connection on its first page, done beforehand at the gate, the dock and the yard, save time."
    )


def _spanish(occasion: Occasion, office_name: str, link: str) -> str:
    facts = (
        f"Validación: {occasion.number}, {occasion.member_name}\n"
        f"Instalación: {occasion.site_name}, {occasion.site_address}\n"
        f"Fecha: {_when(occasion, 'es')}"
    )
    reason = [f"Motivo: {occasion.reason}"] if occasion.reason else []
    greeting = f"Hola, {occasion.name}:"
    if occasion.kind is MailKind.CANCELLED:
        opening = "Esta sesión de validación no se llevará a cabo:"
        closing = "No tiene que hacer nada más. Su enlace ya no abre."
        return "\n\n".join([greeting, opening, facts, *reason, closing, office_name])
    opening = {
        MailKind.INVITED: f"{office_name} le invita a una sesión de validación virtual.",
        MailKind.RESCHEDULED: "Su sesión de validación tiene un nuevo horario.",
    }[occasion.kind]
    recording = "La sesión se graba si usted lo autoriza" if occasion.recording else "La sesión no se graba"
    consent = f"{recording}. Antes de que su cámara envíe algo, la página le explica qué se conserva y usted decide."
    return "\n\n".join([greeting, opening, facts, *reason, _spanish_link(occasion, link), consent, office_name])


def _spanish_link(occasion: Occasion, link: str) -> str:
    if occasion.has_account:
        return f"Inicie sesión y únase aquí:\n{link}"
    expires = occasion.expires_at.astimezone(occasion.local_start.tzinfo)
    return (
        f"Abra este enlace en el teléfono con el que recorrerá la instalación:\n{link}\n\n"
        "El enlace es solo para usted: queda ligado al primer navegador que lo abre, así que no lo reenvíe. "
        f"Abre hasta el {day_in_words(expires, 'es')}, {expires:%H:%M}. Llevar el teléfono cargado y hacer antes "
        "la prueba de conexión de su primera página, en la caseta, el andén y el patio, ahorra tiempo."
    )


_WRITERS: Final[Mapping[str, Callable[[Occasion, str, str], str]]] = {"en": _english, "es": _spanish}
