"""The organization: its name, where and in which money it works, and the thresholds that its promises are made by."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from homestretch.accounts import actions, queries
from homestretch.accounts.intake import MOST_BYTES, SIDE, keep_logo
from homestretch.accounts.rules import LANGUAGES
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.web.entry import OWN, READ

TONGUES = {"en": "English", "fr": "Français", "de": "Deutsch", "ar": "العربية"}
MINUTES = ("promise_early_s", "promise_late_s", "silent_after_s")


def _show(look: Look) -> Shown:
    row = queries.organization()
    form = look.form(
        "save", Field("version", kind="hidden", value=row.version), *_who(row), *_where(row), *_limits(row)
    )
    mark = look.form("mark", _picture(), button="Take this picture", quiet=bool(row.logo))
    return "organization", {
        "form": form,
        "mark": mark,
        "row": row,
        "looks": ("day", "night"),
        "lead": "Who you are to recipients, and the thresholds that promises are made by.",
    }


def _picture() -> Field:
    hint = f"JPEG, PNG or WebP, at most {MOST_BYTES // 1_000_000} MB; it is drawn anew, at most {SIDE} pixels a side."
    return Field("logo", "Picture", kind="file", value="image/jpeg,image/png,image/webp", hint=hint, wide=True)


def _who(row: Any) -> tuple[Field, ...]:
    return (
        Field("name", "Name", value=row.name, needed=True, most=120, hint="Recipients read it in every message."),
        Field("phone", "Phone", value=row.phone, most=20, hint="Drivers and recipients call it."),
        Field("email", "E-mail", kind="email", value=row.email, most=254),
    )


def _where(row: Any) -> tuple[Field, ...]:
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
    languages = [(code, TONGUES.get(code, code)) for code in LANGUAGES]
    spoken = "Of messages to those who did not say theirs."
    national = "Two letters: how phone numbers without a country are read."
    return (
        Field("zone", "Time zone", kind="select", value=row.zone, options=zones, hint="In which days begin."),
        Field("language", "Language", kind="select", value=row.language, options=languages, hint=spoken),
        Field("currency", "Currency", value=row.currency, most=3, needed=True, hint="Three letters, as EUR."),
        Field("country", "Country", value=row.country, most=2, needed=True, hint=national),
    )


def _limits(row: Any) -> tuple[Field, ...]:
    def minutes(name: str, label: str, least: int, most: int) -> Field:
        value = getattr(row, name) // 60
        return Field(name, label, kind="number", value=value, least=least, most=most, needed=True)

    tries = "Attempts before an order has failed"
    return (
        minutes("promise_early_s", "A promise begins, minutes before the plan", 0, 720),
        minutes("promise_late_s", "and ends, minutes after it", 0, 720),
        Field("attempts", tries, kind="number", value=row.attempts, least=1, most=10, needed=True),
        minutes("silent_after_s", "A vehicle is silent after, minutes", 1, 1440),
    )


def _save(act: Act) -> None:
    given = act.given
    changes = {name: given.text(name) for name in ("name", "phone", "email", "zone", "language")}
    changes |= {name: given.text(name).upper() for name in ("currency", "country")}
    numbers = {name: given.needed(name) * 60 for name in MINUTES} | {"attempts": given.needed("attempts")}
    wanted = {**changes, **numbers}
    actions.update_organization(wanted, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _mark(act: Act) -> None:
    keep_logo(act.given.file("logo"), by=act.by, at=act.at, once=act.once)


def _unmark(act: Act) -> None:
    keep_logo(b"", by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "organization",
    "Organization",
    READ("organization"),
    OWN("organization"),
    _show,
    {"save": _save, "mark": _mark, "remove-mark": _unmark},
    {"save": "Saved.", "mark": "Recipients see it from now on.", "remove-mark": "It is taken away."},
)
