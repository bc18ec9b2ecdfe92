"""Offers: to whom an order was and is offered, and what the office does about it by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, maybe_ident, text
from homestretch.doors.console.recovery.words import counted
from homestretch.doors.console.words import actor, plain, said
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.recovery import actions, queries
from homestretch.web.entry import WRITE, enter

STATES: Mapping[str, tuple[str, str]] = {  # what it is called, and the kind of its chip
    "open": ("Is asked", "is-warn"),
    "accepted": ("Took it", "is-good"),
    "declined": ("Said no", "is-quiet"),
    "lapsed": ("Did not answer", "is-quiet"),
    "withdrawn": ("Taken back", "is-quiet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An offer in a list. `left_s`: seconds that its driver has still; `said`: what it would come, or came, to."""

    row: Any
    order: str
    driver: str
    vehicle: str
    state: str
    look: str
    said: str
    left_s: int
    by: str


def lines_of(rows: Iterable[Any], at: datetime) -> list[Line]:
    """Offers as they are shown, in their order: few reads, however many they are. Inside a scope."""
    rows = list(rows)
    names = orders.called(row.order_id for row in rows)
    people = accounts.names_of({name for row in rows for name in (row.actor, row.answered_by) if name})
    return [_line(row, names, people, at) for row in rows]


def _line(row: Any, names: Mapping[UUID, str], people: Mapping[str, str], at: datetime) -> Line:
    state, look = STATES[row.state]
    placed = row.state == "accepted" and row.actor == row.answered_by
    if placed:
        state = "Put there"
    who = row.actor if row.state == "open" or placed else row.answered_by
    return Line(
        row=row,
        order=names.get(row.order_id) or "an order",
        driver=row.driver.name,
        vehicle=row.route.vehicle.name,
        state=state,
        look=look,
        said=_said(row),
        left_s=max(0, int((row.deadline - at).total_seconds())) if row.state == "open" else 0,
        by=people.get(who) or actor(who),
    )


def _said(row: Any) -> str:
    words = [f"+{round(row.seconds / 60)} min", f"{row.meters / 1000:.1f} km", f"after {counted(row.position, 'stop')}"]
    touched = len({touch["order"] for touch in row.promises})
    if touched:
        words.append(f"{counted(touched, 'promise')} later")
    return ", ".join(words) + (f" · {plain(row.reason.replace('.', ' '))}" if row.reason else "")


@enter(WRITE("routes"), sign_in=True)
@require_POST
def offer(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Offer an order to the best driver, or to the one who is chosen; or put it there at once."""
    outright = text(request, "how") == "outright"
    verb: Callable[..., Any] = actions.put_on if outright else actions.offer
    name = f"{'put on' if outright else 'offer'} {order_id}"
    try:
        do(request, name, verb, order_id, maybe_ident(text(request, "route_id")))
    except Refusal as refusal:
        return _refused(request, order_id, refusal)
    done = "It stands on the route, and its recipient is promised a window." if outright else "A driver is asked."
    messages.success(request, done)
    return _back(order_id)


@enter(WRITE("routes"), sign_in=True)
@require_POST
def withdraw(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take an offer back."""
    with scope(request.auth):
        order_id = queries.offer(offer_id).order_id
    try:
        do(request, f"withdraw {offer_id}", actions.withdraw_offer, offer_id, text(request, "reason"))
    except Refusal as refusal:
        return _refused(request, order_id, refusal)
    messages.success(request, "Taken back: nobody else is asked.")
    return _back(order_id)


def _refused(request: HttpRequest, order_id: UUID, refusal: Refusal) -> HttpResponse:
    if refusal.status == 404:
        raise refusal
    messages.error(request, said(refusal))
    return _back(order_id)


def _back(order_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("order", args=[order_id]))
