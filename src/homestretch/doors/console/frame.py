"""The navigation that every page of the console has.

An area that has its page adds one line to `AREAS`, in the order of the navigation: its name (what a view says as
`area` in the context of its template), its label, the name of its address, who may enter, and what counts as waiting
there, if anything does. The icon is the symbol of that name in static/console/icons.svg. Whoever may not enter an area
does not see it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from homestretch.accounts import queries as accounts
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.messaging import queries as messaging
from homestretch.places import queries as places
from homestretch.recovery import queries as recovery
from homestretch.web.entry import MERCHANT, READ, WRITE, Entry

MOST_SHOWN = 99  # beside a name; more is more
ON_A_PHONE = 4  # entries in the bar at the bottom; the others are behind one more


@dataclass(frozen=True, slots=True)
class Area:
    """A line of the table. `waiting` counts what waits there, inside the scope, in one quick query."""

    name: str
    label: str
    address: str
    entry: Entry
    waiting: Callable[[], int] | None = None


def off_plan() -> int:
    """Open exceptions, and proposals that wait for a yes."""
    return recovery.exceptions().filter(state="open").count() + recovery.waiting_count()


def places_to_fix() -> int:
    """Places at which somebody must look."""
    return places.to_fix().count()


AREAS = (
    Area("today", "Today", "today", READ("routes"), off_plan),
    Area("board", "Board", "board", READ("plans")),
    Area("orders", "Orders", "orders", READ("orders")),
    Area("places", "Places", "places", READ("places"), places_to_fix),
    Area("messages", "Messages", "messages", WRITE("messages"), messaging.waiting_count),
    Area("loading", "Loading", "load", READ("routes")),
    Area("measures", "Measures", "measures", READ("measures")),
    Area("settings", "Settings", "settings", READ("organization")),
    Area("merchant", "Orders", "merchant", MERCHANT),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation as it is drawn."""

    name: str
    label: str
    address: str
    current: bool
    waiting: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The navigation for one person: `links`, of which a phone shows `first` and hides `rest`."""

    organization: str
    links: list[Link]

    @property
    def first(self) -> list[Link]:
        """What a phone's bar shows; one place is for what opens the others, unless all fit."""
        return self.links if len(self.links) <= ON_A_PHONE + 1 else self.links[:ON_A_PHONE]

    @property
    def rest(self) -> list[Link]:
        """What a phone shows on demand."""
        return self.links[len(self.first) :]


def frame_of(actor: Actor, area: str) -> Frame:
    """The navigation that this person has, with `area` as the present one."""
    with scope(actor):
        links = [_link(one, area) for one in AREAS if one.entry.lets_in(actor)]
        return Frame(accounts.organization().name, links)


def _link(area: Area, current: str) -> Link:
    count = area.waiting() if area.waiting else 0
    shown = f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count or "")
    return Link(area.name, area.label, reverse(area.address), area.name == current, shown)
