"""What a driver under way gets to know: words from a dispatcher, and what a recipient has changed about an order."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from homestretch.dispatch.actions.steps import locked_route, must_be_live
from homestretch.dispatch.events import DriverTold, RouteUpdated
from homestretch.dispatch.models import DriverMessage, Route, Stop, StopTask
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.dispatch.values import TakeOver
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, not_found

MOST_TEXT = 1000


@action
def tell_driver(
    route_id: UUID, text: str, *, stop_id: UUID | None = None, goods: TakeOver | None = None, by: Actor, at: datetime
) -> DriverMessage:
    """Write to the driver of a live route: the words stand on the route sheet, which the phone then fetches anew.
    `goods` are those to be taken over at the stop: the phone says so in its own language, in the place of the words.

    Refuses `route.not_found`, `route.over`, `stop.not_found`, `driver_message.empty`, `field.too_long`.
    """
    route = locked_route(route_id)
    must_be_live(route)
    words = text.strip()
    if not words:
        raise Refusal("driver_message.empty", "there are no words", remedy="write what is to be said", field="text")
    if len(words) > MOST_TEXT:
        raise Refusal("field.too_long", "the text is too long", remedy=f"at most {MOST_TEXT} characters", field="text")
    if stop_id is not None and not Stop.objects.filter(route=route, id=stop_id).exists():
        raise not_found("stop", stop_id)
    row = DriverMessage(
        route=route, stop_id=stop_id, text=words, take_over=asdict(goods) if goods else None, actor=str(by), at=at
    )
    row.save(force_insert=True)
    record(DriverTold(route.driver_id, route.id, row.id), by=by, at=at)
    _anew(route, "message", by=by, at=at)
    return row


@action
def order_changed(order_id: UUID, *, by: Actor, at: datetime) -> list[Route]:
    """An order was changed while it is on live routes: their phones fetch the sheet anew. Returns the routes."""
    works = StopTask.objects.filter(order_id=order_id, live=True, stop__route__state__in=LIVE_ROUTE)
    routes = [locked_route(route_id) for route_id in sorted(set(works.values_list("stop__route_id", flat=True)))]
    for route in routes:
        _anew(route, "order_changed", by=by, at=at)
    return routes


def _anew(route: Route, change: str, *, by: Actor, at: datetime) -> None:
    route.version += 1
    route.save(update_fields=["version"])
    record(RouteUpdated(route.id, route.version, change), by=by, at=at)
