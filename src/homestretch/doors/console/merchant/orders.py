"""The own orders: a list, one with how far it is and its proof, its tracking link, calling it off."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from homestretch.accounts import actions as accounts_actions
from homestretch.accounts import queries as accounts
from homestretch.dispatch.jobs import picture_of
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.words import ORDER_STATES
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import queries as messaging
from homestretch.messaging.values import Shown
from homestretch.orders import actions, queries
from homestretch.orders.values import Filter
from homestretch.web.entry import MERCHANT, enter
from homestretch.web.pages import page
from homestretch.web.pictures import picture

PER_PAGE = 50
STATUSES = {
    "received": "Received",
    "scheduled": "On a route",
    "on_the_way": "On the way",
    "arrived": "The driver is there",
    "awaiting_pickup": "Waits to be picked up",
    "missed": "An attempt failed; it will be tried again",
    "completed": "Done",
    "partially_completed": "Partly done",
    "failed": "Failed",
    "returned": "Returned",
    "cancelled": "Cancelled",
}
STEPS = {
    "received": "Received",
    "scheduled": "On a route",
    "on_the_way": "On the way",
    "arrived": "There",
    "done": "Done",
}


@enter(MERCHANT, sign_in=True)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The own orders, the newest first."""
    wanted = Filter(
        states=tuple(state for state in request.GET.getlist("state") if state in ORDER_STATES),
        q=request.GET.get("q", "").strip()[:120],
    )
    with scope(request.auth):
        zone = ZoneInfo(accounts.organization().zone)
        found = page(queries.orders(wanted), request.GET.get("cursor") or None, PER_PAGE, descending=True, show=_row)
    context = {
        "area": "merchant",
        "rows": found["items"],
        "next": found["next"],
        "wanted": wanted,
        "states": [(name, words, name in wanted.states) for name, (words, _) in ORDER_STATES.items()],
    }
    with timezone.override(zone):
        return render(request, "console/merchant/list.html", context)


def _row(order: Any) -> dict[str, Any]:
    tasks = list(order.tasks.all())
    state, look = ORDER_STATES[order.state]
    return {
        "order": order,
        "state": state,
        "look": look,
        "promise": _standing(tasks),
        "address": tasks[-1].place.address if tasks else "",
    }


def _standing(tasks: list[Any]) -> Any:
    """The promise that no other supersedes, of the last task."""
    found = [promise for task in tasks for promise in task.promises.all() if not promise.superseded_by.all()]
    return found[-1] if found else None


@enter(MERCHANT, sign_in=True)
@require_safe
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: how far it is, and what shows how it went."""
    return _order(request, order_id)


def _order(request: HttpRequest, order_id: UUID, refusal: Refusal | None = None, link: str = "") -> HttpResponse:
    with scope(request.auth):
        row = queries.get_order(order_id)
        shown = messaging.shown_order(order_id, now())
        zone = ZoneInfo(accounts.organization().zone)
    state, look = ORDER_STATES[row.state]
    context = {
        "area": "merchant",
        "order": row,
        "state": state,
        "look": look,
        "shown": shown,
        "status": STATUSES[shown.status],
        "steps": _steps(shown),
        "tasks": list(row.tasks.all()),
        "refusal": refusal,
        "link": link,
    }
    with timezone.override(zone):
        status = refusal.status if refusal else 200
        return render(request, "console/merchant/order.html", context, status=status)


def _steps(shown: Shown) -> list[dict[str, Any]]:
    last = max((number for number, step in enumerate(shown.steps) if step.done), default=-1)
    return [
        {"words": STEPS[step.name], "done": step.done and number != last, "current": number == last, "at": step.at}
        for number, step in enumerate(shown.steps)
    ]


@enter(MERCHANT, sign_in=True)
@require_POST
def link(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The recipient's tracking link, shown this once: whoever has it sees the order."""
    with scope(request.auth):
        queries.get_order(order_id)
    _, token = accounts_actions.link_for(order_id, by=request.auth, at=now())
    return _order(request, order_id, link=accounts_actions.link_url(token))


@enter(MERCHANT, sign_in=True)
@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Call it off."""
    try:
        do(request, f"cancel {order_id}", actions.cancel_order, order_id, text(request, "reason") or "merchant_wish")
    except Refusal as refusal:
        return _order(request, order_id, refusal)
    messages.success(request, "The order is called off.")
    return HttpResponseRedirect(reverse("merchant-order", args=[order_id]))


@enter(MERCHANT, sign_in=True)
@require_safe
def proof(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The picture of a proof of an own order."""
    return picture(*picture_of(proof_id, by=request.auth))
