"""What the board's script is told before it asks the API: the day, the map under it, and what this person may do."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import all_facts
from homestretch.kernel.geo import Point
from homestretch.web.entry import WRITE
from homestretch.web.maps import MODES, Served, Shelf

# Facts that change nothing on a board; what is not named here makes it be read again.
QUIET = (
    "key.", "member.", "invitation.", "device.", "link.", "merchant.", "endpoint.", "proof.", "package.", "message.",
    "survey.", "recipient.", "measure.", "import.", "exception.", "driver.told", "driver.report_refused", "return.",
    "zone.", "service_area.", "blackout.", "speeds.", "weather.", "stop.approaching", "stop.reported_late",
    "order.started", "order.completed", "order.partially_completed", "promise.told", "promise.at_risk",
    "promise.kept", "promise.broken",  # of an order and its promise the stop tells
)  # fmt: skip
PLACEHOLDER = UUID(int=0)


def told(day: date, today: date, by: Actor, maps: Shelf) -> dict[str, Any]:
    """The configuration, inside a scope; without the form's token, which the view adds."""
    depots = [depot.place for depot in fleet.depots().select_related("place")]
    points = [Point(place.lat, place.lon) for place in depots if place.lat is not None and place.lon is not None]
    return {
        "day": day.isoformat(),
        "today": today.isoformat(),
        "basemap": _basemap(maps.over(points)),
        "events": sorted(fact.type for fact in all_facts() if not fact.type.startswith(QUIET)),
        "may": {
            "plan": WRITE("plans").lets_in(by),
            "release": WRITE("routes").lets_in(by),
            "crew": WRITE("fleet").lets_in(by),
        },
        "links": {
            "board": reverse("board-day", kwargs={"day": date.min}).replace(date.min.isoformat(), "DAY"),
            "order": _address("order"),
            "message": _address("conversation"),
            "write": f"{reverse('order-new')}?day={day.isoformat()}" if WRITE("orders").lets_in(by) else "",
        },
    }


def _basemap(served: Served | None) -> dict[str, Any] | None:
    """As `shared/basemap.ts` takes it; None where no map was added: the board stands on plain ground then."""
    if served is None:
        return None
    styles = {mode: served.style_address(mode) for mode in MODES}
    return {"styles": styles, "attribution": served.attribution if served.style else ""}


def _address(name: str) -> str:
    """The address of an order's page with ID in its place; empty where there is no such page."""
    try:
        return reverse(name, args=[PLACEHOLDER]).replace(str(PLACEHOLDER), "ID")
    except NoReverseMatch:
        return ""
