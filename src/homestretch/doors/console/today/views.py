"""What needs somebody and the running day: a page, its panel alone for when something has happened, and its acts."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.today.day import Day, day_of
from homestretch.doors.console.words import said
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.facts import all_facts
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders
from homestretch.recovery import actions, queries
from homestretch.web.entry import READ, WRITE, enter

QUIET = ("depot.", "vehicle.changed", "driver.", "key.", "member.", "endpoint.", "proof.", "package.")


@enter(READ("routes"), sign_in=True)
def today(request: HttpRequest) -> HttpResponse:
    """The page."""
    types = sorted({fact.type for fact in all_facts() if not fact.type.startswith(QUIET)})
    return _shown(request, "console/today/page.html", {"types": ",".join(types)})


@enter(READ("routes"))
def panel(request: HttpRequest) -> HttpResponse:
    """What changes on it."""
    return _shown(request, "console/today/panel.html", {})


def _shown(request: HttpRequest, template: str, more: dict[str, object]) -> HttpResponse:
    wanted: date | None = None
    with suppress(ValueError):
        wanted = date.fromisoformat(request.GET.get("day", ""))
    with scope(request.auth):
        day: Day = day_of(now(), wanted)
        may = {
            "may_settle": WRITE("exceptions").lets_in(request.auth),
            "may_write": WRITE("orders").lets_in(request.auth),
            "may_amend": WRITE("routes").lets_in(request.auth),
            "may_answer": WRITE("messages").lets_in(request.auth),
        }
        with timezone.override(day.zone):
            return render(request, template, {"area": "today", "day": day, **may, **more})


@enter(WRITE("exceptions"), sign_in=True)
@require_POST
def settle(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """Say how it was settled."""
    return _told(request, lambda: _settle(request, exception_id, text(request, "resolution")), "It is settled.")


@enter(WRITE("orders"), sign_in=True)
@require_POST
def tomorrow(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """Plan the exception's order for tomorrow, and settle the exception by that."""
    with scope(request.auth):
        row = queries.exception(exception_id)
        zone = ZoneInfo(accounts.organization().zone)
    day = now().astimezone(zone).date() + timedelta(days=1)

    def act() -> None:
        if row.order_id is None:
            raise Refusal("exception.no_order", "it is about no order", remedy="settle it with words", field="act")
        do(request, f"tomorrow {exception_id}", orders.reschedule, row.order_id, day)
        _settle(request, exception_id, f"planned again for {day:%A, %-d %B}")

    return _told(request, act, f"The order is to be planned for {day:%A, %-d %B}.")


def _settle(request: HttpRequest, exception_id: UUID, resolution: str) -> None:
    given = request.POST.get("version", "")
    seen = int(given) if given.isascii() and given.isdigit() else None
    do(request, f"settle {exception_id}", actions.resolve, exception_id, resolution, version=seen)


def _told(request: HttpRequest, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, said(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("today"))
