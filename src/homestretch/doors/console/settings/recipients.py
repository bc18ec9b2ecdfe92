"""What recipients see and may choose: the color of their page, and other times and places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from homestretch.accounts import actions, queries
from homestretch.accounts.rules import CHOICE_PLACES
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.web.entry import OWN, READ


def _show(look: Look) -> Shown:
    row = queries.organization()
    places = [(place, place.replace("_", " ").capitalize()) for place in CHOICE_PLACES]
    form = look.form(
        "save",
        Field("version", kind="hidden", value=row.version),
        Field("accent", "Color", value=row.accent, most=7, hint="Of buttons on their page, as #0b6b53. Empty: ours."),
        Field(
            "choice_days",
            "May choose another time, days ahead",
            kind="number",
            value=row.choice_days,
            least=0,
            most=60,
            needed=True,
            hint="0: not at all.",
        ),
        Field(
            "choice_cutoff_s",
            "until so many hours before",
            kind="number",
            value=row.choice_cutoff_s // 3600,
            least=0,
            most=168,
            needed=True,
        ),
        _windows("choice_windows", "Times they may choose", row.choice_windows, "As 08:00-12:00, 12:00-17:00"),
        Field(
            "choice_places",
            "Where they may have goods left",
            kind="checks",
            options=places,
            values=tuple(row.choice_places),
            wide=True,
        ),
        _windows(
            "pickup_windows",
            "When they may take their goods at the depot instead",
            row.pickup_windows,
            "As 16:00-20:00, on days on which vehicles work there. Empty: not at all.",
        ),
        Field("booking", "Ask for a time before the order is planned", kind="check", value=row.booking, wide=True),
    )
    return "one-form", {"form": form, "lead": "What recipients see on their page, and what they may choose themselves."}


def _windows(name: str, label: str, windows: list[list[str]], hint: str) -> Field:
    return Field(name, label, value=", ".join("-".join(window) for window in windows), hint=hint, wide=True)


def _save(act: Act) -> None:
    given = act.given
    wanted: dict[str, Any] = {
        "accent": given.text("accent"),
        "choice_days": given.needed("choice_days"),
        "choice_cutoff_s": given.needed("choice_cutoff_s") * 3600,
        "choice_windows": _spans(given.words("choice_windows")),
        "choice_places": given.all("choice_places"),
        "pickup_windows": _spans(given.words("pickup_windows")),
        "booking": given.ticked("booking"),
    }
    actions.update_organization(wanted, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _spans(written: Iterable[str]) -> list[list[str]]:
    return [[part.strip() for part in words.split("-")] for words in written]


SECTION = Section(
    "recipients",
    "Recipients' choices",
    READ("organization"),
    OWN("organization"),
    _show,
    {"save": _save},
    {"save": "Saved."},
)
