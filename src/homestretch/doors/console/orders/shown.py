"""The page of one order: what it is, what was promised, what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.doors.console.orders.rows import load, spans
from homestretch.doors.console.orders.timeline import timeline_of
from homestretch.doors.console.recovery.offers import lines_of
from homestretch.doors.console.words import CHANNELS, KINDS, ORDER_STATES, PLACE_STATES, PROMISED_BY, TASK_STATES
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import queries as messaging
from homestretch.messaging.rules.shown import reachable
from homestretch.orders import queries
from homestretch.recovery import queries as recovery
from homestretch.recovery.rules.offering import ON_THE_ROAD
from homestretch.recovery.values import Wanted
from homestretch.tracking import queries as tracking
from homestretch.web.entry import READ, WRITE, enter

MOST_OFFERS = 30


@enter(READ("orders"), sign_in=True)
@require_safe
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The page."""
    return order_page(request, order_id, None)


def order_page(request: HttpRequest, order_id: UUID, refusal: Refusal | None, **more: Any) -> HttpResponse:
    """The page, with what was refused. Refuses `order.not_found` itself."""
    with scope(request.auth):
        row = queries.get_order(order_id)
        zone = ZoneInfo(accounts.organization().zone)
        context = {"area": "orders", "refusal": refusal, **_about(row, zone), **more}
        context["may_write"] = WRITE("orders").lets_in(request.auth)
        context["may_amend"] = WRITE("routes").lets_in(request.auth)
        context |= _offered(order_id, context["may_amend"] and row.state == "ready")
        context["may_answer"] = WRITE("messages").lets_in(request.auth)
        with timezone.override(zone):
            return render(request, "console/orders/page.html", context, status=refusal.status if refusal else 200)


def _about(order: Any, zone: ZoneInfo) -> dict[str, Any]:
    stops = dispatch.stops_for_order(order.id)
    sent = list(messaging.messages(order_id=order.id).order_by("id"))
    survey = messaging.survey_of(order.id)
    exceptions = list(recovery.exceptions(Wanted(order_id=order.id)).order_by("raised_at", "id"))
    related = {
        "message": [row.id for row in sent],
        "exception": [row.id for row in exceptions],
        "survey": [survey.id] if survey else [],
    }
    words, look = ORDER_STATES[order.state]
    tasks = sorted(order.tasks.all(), key=lambda task: task.number)
    return {
        "order": order,
        "state": words,
        "look": look,
        "tasks": [_task(task, order, zone) for task in tasks],
        "depot": fleet.depot(order.depot_id) if order.depot_id else None,
        "pickup_depot": fleet.depot(order.pickup_depot_id) if order.pickup_depot_id else None,
        "pickup": _pickup(tasks) if order.state == "awaiting_pickup" else None,
        "merchant": accounts.merchant(order.merchant_id) if order.merchant_id else None,
        "stops": [_stop(stop) for stop in stops],
        "proofs": dispatch.proofs_of([stop.id for stop in stops]),
        "messages_sent": sent,
        "survey": survey,
        "open_exceptions": [row for row in exceptions if row.state == "open"],
        "ledger": _ledger(tasks),
        "timeline": timeline_of(order, stops, related, zone),
        "link_stands": _link_stands(order.id),
        "reached_by": [] if order.state == "cancelled" else _reached_by(order.recipient),
    }


def _pickup(tasks: list[Any]) -> Any:
    """The window in which it waits at a depot."""
    return next((queries.current_promise(task.id) for task in tasks if task.state == "open"), None)


def _offered(order_id: UUID, may_offer: bool) -> dict[str, Any]:  # noqa: FBT001
    """To whom it was and is offered, and to whom it may be."""
    at = now()
    rows = recovery.offers(order_id=order_id).order_by("-asked_at", "-id")[:MOST_OFFERS]
    routes = dispatch.routes().filter(state__in=ON_THE_ROAD, shift__ends_at__gt=at) if may_offer else ()
    named = sorted(routes, key=lambda route: (route.driver.name, route.id))
    return {"offers": lines_of(rows, at), "may_offer": may_offer, "offer_routes": named}


def _reached_by(recipient: Any) -> list[tuple[str, str]]:
    """The channels by which the recipient may be written to, with their words."""
    return [(name, CHANNELS[name]) for name in reachable(recipient) if not queries.is_silent(recipient, name)]


def _link_stands(order_id: UUID) -> bool:
    found = accounts.link_of(order_id)
    return found is not None and found.revoked_at is None and found.expires_at > now()


def _task(task: Any, order: Any, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "row": task,
        "kind": KINDS[task.kind],
        "state": TASK_STATES[task.state],
        "place": task.place,
        "place_state": PLACE_STATES[task.place.state],
        "windows": spans(task.windows, order.day, zone),
        "service_min": round(task.service_s / 60),
        "loads": [load(name, size) for name, size in task.loads.items()],
        "items": list(task.items.all()),
        "packages": list(task.packages.all()),
    }


def _stop(stop: Any) -> dict[str, Any]:
    forecast = next(iter(tracking.forecasts([stop.id])), None) if stop.ended_at is None else None
    work = next((work for work in stop.works.all() if work.live), None) or next(iter(stop.works.all()), None)
    return {"row": stop, "route": stop.route, "driver": stop.route.driver, "forecast": forecast, "work": work}


def _ledger(tasks: list[Any]) -> list[dict[str, Any]]:
    """Promises as they stand and stood, oldest first, with what was told of each and how it ended."""
    found = []
    for task in tasks:
        for promise in sorted(task.promises.all(), key=lambda promise: (promise.made_at, promise.id)):
            settled = queries.settlement(promise.id) if promise.supersedes_id is None else None
            found.append(
                {
                    "row": promise,
                    "by": PROMISED_BY.get(promise.source, promise.source),
                    "stands": not promise.superseded_by.all(),
                    "told": queries.tellings(promise.id),
                    "settled": settled,
                }
            )
    return found
