"""What is done to one order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from homestretch.accounts import actions as accounts_actions
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.orders.bulk import read_clock, read_day
from homestretch.doors.console.orders.shown import order_page
from homestretch.doors.console.words import plain
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions as messaging
from homestretch.orders import actions, queries
from homestretch.web.entry import WRITE, enter


@enter(WRITE("orders"), sign_in=True)
@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Call it off."""
    return _do(request, order_id, "The order is cancelled.", "cancel", actions.cancel_order, text(request, "reason"))


@enter(WRITE("orders"), sign_in=True)
@require_POST
def move(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Plan it for another day."""
    try:
        day, clock = read_day(request), read_clock(request)
        do(request, f"move {order_id}", actions.reschedule, order_id, day, clock)
    except Refusal as refusal:
        return order_page(request, order_id, refusal)
    messages.success(request, f"The order is to be planned for {day:%A, %-d %B}.")
    return _back(order_id)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def release(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A draft becomes an order."""
    return _do(request, order_id, "The order can be planned.", "release", actions.confirm_order)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def hold(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Keep it out of planning."""
    return _do(
        request,
        order_id,
        "The order is on hold: no plan takes it until it is freed.",
        "hold",
        actions.hold_order,
        text(request, "held_for"),
    )


@enter(WRITE("orders"), sign_in=True)
@require_POST
def free(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Let it be planned again."""
    return _do(request, order_id, "The order can be planned again.", "free", actions.free_order)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def hand_over(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give it to whoever picks it up."""
    values = text(request, "taken_by"), text(request, "pin")
    return _do(request, order_id, "Handed over: the order is completed.", "hand over", actions.hand_over, *values)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def deliver(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Bring it after all."""
    return _do(request, order_id, "It is brought after all: it can be planned.", "deliver", actions.deliver_after_all)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def link(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the recipient's page of the order, to be passed on."""
    with scope(request.auth):
        queries.get_order(order_id)
    made, token = accounts_actions.link_for(order_id, by=request.auth, at=now())
    return order_page(request, order_id, None, link=accounts_actions.link_url(token), link_until=made.expires_at)


@enter(WRITE("messages"), sign_in=True)
@require_POST
def send_link(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Send the recipient the address of their page."""
    try:
        row = do(request, f"send link {order_id}", messaging.send_link, order_id, text(request, "channel"))
    except Refusal as refusal:
        return order_page(request, order_id, refusal)
    if row is not None and row.state == "dropped":
        messages.error(request, f"The tracking link was not sent: {plain(row.why).lower()}.")
    else:
        messages.success(request, "The tracking link is on its way to the recipient.")
    return _back(order_id)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def close_link(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Close it: whoever has it sees nothing from now on."""
    with scope(request.auth):
        queries.get_order(order_id)
    done = "The tracking link is closed. The next message to the recipient carries a new one."
    return _do(request, order_id, done, "close link", accounts_actions.revoke_link)


def _do(
    request: HttpRequest, order_id: UUID, done: str, form: str, verb: Callable[..., Any], *values: Any
) -> HttpResponse:
    """Call a verb on the order, and say that it is done; where it is refused, its page says why."""
    try:
        do(request, f"{form} {order_id}", verb, order_id, *values)
    except Refusal as refusal:
        return order_page(request, order_id, refusal)
    messages.success(request, done)
    return _back(order_id)


def _back(order_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("order", args=[order_id]))
