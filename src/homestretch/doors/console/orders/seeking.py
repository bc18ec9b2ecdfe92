"""What a list of orders is asked for, read from the page's address: a wrong word narrows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict

from homestretch.doors.console.forms import maybe_ident
from homestretch.doors.console.words import ORDER_STATES
from homestretch.kernel.refusal import Refusal
from homestretch.orders.queries import SORTS
from homestretch.orders.values import Sought
from homestretch.places import queries as places

LONGEST = 120
NAMED_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
# How the states stand together above the list.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "todo": ("To plan", ("draft", "ready")),
    "staged": ("Waiting for a place", ("staged",)),
    "held": ("On hold", ("held",)),
    "pickup": ("Waiting for pickup", ("awaiting_pickup",)),
    "route": ("On a route", ("scheduled", "in_progress")),
    "done": ("Done", ("completed", "partially_completed")),
    "failed": ("Failed", ("failed", "returned")),
    "cancelled": ("Cancelled", ("cancelled",)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks for: `group` and the filters as they were written, and how it is sorted."""

    sought: Sought
    group: str
    sort: str
    descending: bool
    given: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the group narrows the list."""
        return self.sought != Sought(states=self.sought.states)

    def any_state(self) -> Sought:
        """The same in whatever state: what the groups are counted of."""
        return replace(self.sought, states=())


def asked(query: QueryDict, today: date) -> Asked:
    """Read it; call it inside the scope. Names of days count from `today`."""
    given = {name: value[:LONGEST].replace("\x00", "").strip() for name, value in query.items() if value.strip()}
    group = given.get("state", "")
    states = GROUPS[group][1] if group in GROUPS else (group,) if group in ORDER_STATES else ()
    sort = given.get("sort", "").lstrip("-")
    return Asked(
        Sought(
            states=states,
            day=_day(given.get("day", ""), today),
            undated=given.get("day") == "none",
            depot_id=maybe_ident(given.get("depot", "")),
            merchant_id=maybe_ident(given.get("merchant", "")),
            source_id=maybe_ident(given.get("import", "")),
            place_ids=_in_zone(given),
            skill=given.get("skill", "")[:40],
            urgent=given.get("urgent") == "yes",
            q=given.get("q", ""),
        ),
        group if states else "",
        sort if sort in SORTS else "created",
        given["sort"].startswith("-") if sort in SORTS else True,
        given,
    )


def _day(word: str, today: date) -> date | None:
    if word in NAMED_DAYS:
        return today + timedelta(days=NAMED_DAYS[word])
    with suppress(ValueError):
        return date.fromisoformat(word)
    return None


def _in_zone(given: Mapping[str, Any]) -> tuple[UUID, ...] | None:
    zone_id = maybe_ident(given.get("zone", ""))
    if zone_id is None:
        return None
    with suppress(Refusal):
        return tuple(places.places_in(zone_id))
    return None
