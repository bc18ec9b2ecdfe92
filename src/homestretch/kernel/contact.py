"""How people are reached: phone numbers as E.164, e-mail addresses, languages as BCP 47. Empty stays empty."""

from __future__ import annotations

import re

import phonenumbers

from homestretch.kernel.refusal import Refusal

MAX_EMAIL = 254  # RFC 5321, errata 1690
# One mailbox as people have it: no quoted local part, no address literal, a domain with a dot.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[^\W_](?:[^\W_]|-){0,61}[^\W_]?\.)+[^\W\d_](?:[^\W_]|-){0,60}[^\W_]"
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


def read_phone(text: str, country: str, *, field: str = "phone") -> str:
    """A phone number as E.164; one written nationally is of `country` (ISO 3166-1). Refuses `contact.phone_invalid`."""
    if not text.strip():
        return ""
    refusal = Refusal(
        "contact.phone_invalid",
        f"this is no phone number that can be called in or from {country}",
        remedy="write it with its country: +49 30 123456",
        field=field,
    )
    try:
        number = phonenumbers.parse(text.strip()[:40], country or None)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    if not phonenumbers.is_possible_number(number):
        raise refusal
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(text: str, *, field: str = "email") -> str:
    """An e-mail address, its domain in lower case. Refuses `contact.email_invalid`."""
    text = text.strip()
    if not text:
        return ""
    if len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text):
        raise Refusal(
            "contact.email_invalid", "this is no e-mail address", remedy="write name@example.com", field=field
        )
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def read_language(text: str, *, field: str = "language") -> str:
    """A language tag in its usual case (de, pt-BR, zh-Hant-TW). Refuses `contact.language_invalid`."""
    text = text.strip()
    if not text:
        return ""
    match = _LANGUAGE.fullmatch(text)
    if match is None:
        raise Refusal(
            "contact.language_invalid", f"{text[:20]!r} is no BCP 47", remedy="write de or pt-BR", field=field
        )
    language, script, region = match.groups()
    return "-".join(part for part in (language.lower(), (script or "").title(), (region or "").upper()) if part)
