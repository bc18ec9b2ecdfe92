"""What a section is: who may look and who may change, what it shows, and its acts by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.doors.console.settings.forms import Field, Form, Given, filled
from homestretch.events.idempotency import Once
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import Entry
from homestretch.web.qr import Code


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown this once, after the act that made it."""

    title: str
    text: str
    note: str
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What an act is called with. `once` goes to its verb; a second verb takes `once_more(1)`, and so on."""

    given: Given
    by: Actor
    at: datetime
    zone: ZoneInfo
    subject: str
    once: Once
    once_more: Callable[[int], Once]


@dataclass(frozen=True, slots=True)
class Look:
    """What a section is shown with. `subject`: what of it the address names, '' for all. `act`, `given`, `refusal`:
    the form that came back, and why."""

    actor: Actor
    at: datetime
    zone: ZoneInfo
    subject: str = ""
    may_change: bool = False
    act: str = ""
    given: Given | None = None
    refusal: Refusal | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)  # acts whose form came back and stands on the page

    def form(self, act: str, *fields: Field, key: str = "", **more: Any) -> Form:
        """A form of this page; where it is the one that came back, as it was filled in. `key` tells forms of one act
        apart: the value of their first, hidden field."""
        form = Form(act, fields, **more)
        mine = self.act == act and (not key or (self.given is not None and self.given.text(fields[0].name) == key))
        if not mine:
            return form
        self.taken.append(act)
        return filled(form, self.given, self.refusal)


Shown = tuple[str, dict[str, Any]]  # the name of a template, and its context


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the settings. `show` runs inside the scope."""

    name: str
    label: str
    read: Entry
    change: Entry
    show: Callable[[Look], Shown]
    acts: Mapping[str, Callable[[Act], Secret | None]]
    said: Mapping[str, str] = field(default_factory=dict)  # what is said after an act
    previews: Mapping[str, str] = field(default_factory=dict)  # acts that only show another act's form as it was typed


def on_off(value: bool) -> Sequence[tuple[str, str]]:  # noqa: FBT001
    """A choice of two, the present one first."""
    pair = [("1", "In service"), ("", "Out of service")]
    return pair if value else pair[::-1]
