"""The desk's pages: what waits; one conversation, with an answer to the recipient, a word to the driver, and done."""

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

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.messages.shown import conversation_of
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.orders import queries as orders
from homestretch.orders.values import Filter
from homestretch.web.entry import WRITE, enter

FOUND = 10


@enter(WRITE("messages"), sign_in=True)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an answer; or the conversation of an order that is looked for by its reference."""
    wanted = request.GET.get("q", "").strip()[:120]
    with scope(request.auth):
        found = list(orders.orders(Filter(q=wanted)).order_by("-created_at", "-id")[:FOUND]) if wanted else []
    if len(found) == 1:
        return HttpResponseRedirect(reverse("conversation", args=[found[0].id]))
    return _page(request, {"wanted": wanted, "found": found})


def _page(request: HttpRequest, more: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    with scope(request.auth):
        zone = ZoneInfo(accounts.organization().zone)
        context = {"area": "messages", "waiting": queries.waiting(), "refusal": refusal, **more}
    with timezone.override(zone):
        status = refusal.status if refusal else 200
        return render(request, "console/messages/page.html", context, status=status)


@enter(WRITE("messages"), sign_in=True)
@require_safe
def conversation(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One conversation."""
    return _conversation(request, order_id)


def _conversation(request: HttpRequest, order_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    with scope(request.auth):
        shown = conversation_of(order_id)
    typed = {name: text(request, name) for name in ("text", "channel", "words")} if refusal else {}
    return _page(request, {"one": shown, "typed": typed}, refusal)


@enter(WRITE("messages"), sign_in=True)
@require_POST
def write(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """An answer to the recipient."""
    channel, words = text(request, "channel"), text(request, "text")
    try:
        do(request, f"write {order_id}", actions.write, order_id, channel, words)
    except Refusal as refusal:
        return _conversation(request, order_id, refusal)
    messages.success(request, "It is on its way.")
    return HttpResponseRedirect(reverse("conversation", args=[order_id]))


@enter(WRITE("messages"), sign_in=True)
@require_POST
def driver(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A word to the driver who has the order on the route."""
    with scope(request.auth):
        shown = conversation_of(order_id)
    try:
        if shown.route is None:
            raise Refusal("route.over", "no driver has it on a route", remedy="call", field="words")
        words = text(request, "words")
        do(request, f"driver {order_id}", dispatch.tell_driver, shown.route.id, words, stop_id=shown.stop_id)
    except Refusal as refusal:
        return _conversation(request, order_id, refusal)
    messages.success(request, "The driver's phone shows it with the next look.")
    return HttpResponseRedirect(reverse("conversation", args=[order_id]))


@enter(WRITE("messages"), sign_in=True)
@require_POST
def done(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Nothing is left to be answered."""
    do(request, f"done {order_id}", actions.settle, order_id)
    messages.success(request, "Done.")
    return HttpResponseRedirect(reverse("messages"))
