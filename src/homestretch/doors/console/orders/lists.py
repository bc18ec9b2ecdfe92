"""The list of orders: looked for, sorted, paged, and what a person keeps looking for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from homestretch.accounts import actions
from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, text
from homestretch.doors.console.orders.rows import rows_of
from homestretch.doors.console.orders.seeking import GROUPS, Asked, asked
from homestretch.doors.console.words import said
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries
from homestretch.orders.rules.bulk import MOST
from homestretch.places import queries as places
from homestretch.web.entry import READ, WRITE, enter
from homestretch.web.pages import page

AREA = "orders"
PER_PAGE = 50
LEFT_OUT = ("cursor", "before")  # of an address that is kept: it is the list, not a page of it


@enter(READ("orders"), sign_in=True)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The list; the table alone for a script that exchanges it."""
    with scope(request.auth):
        zone = ZoneInfo(accounts.organization().zone)
        wanted = asked(request.GET, now().astimezone(zone).date())
        context = _table(request, wanted, zone)
        if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
            with timezone.override(zone):
                return render(request, "console/orders/table.html", context)
        context |= _around(request, wanted)
        with timezone.override(zone):
            return render(request, "console/orders/list.html", context)


def _table(request: HttpRequest, wanted: Asked, zone: ZoneInfo) -> dict[str, Any]:
    try:
        part = page(
            queries.listed(wanted.sought),
            request.GET.get("cursor") or None,
            PER_PAGE,
            key=queries.SORTS[wanted.sort],
            descending=wanted.descending,
        )
    except Refusal:  # an address of yesterday: from the beginning
        part = page(
            queries.listed(wanted.sought),
            None,
            PER_PAGE,
            key=queries.SORTS[wanted.sort],
            descending=wanted.descending,
        )
    counts = queries.facets(wanted.any_state())
    return {
        "area": AREA,
        "rows": rows_of(part["items"], zone),
        "next": part["next"],
        "is_first": not request.GET.get("cursor"),
        "asked": wanted,
        "today": now().astimezone(zone).date(),
        "groups": _groups(counts),
        "total": sum(
            count for state, count in counts.items() if not wanted.sought.states or state in wanted.sought.states
        ),
        "most_at_once": MOST,
        "may_write": WRITE("orders").lets_in(request.auth),
        "kept": _kept(request),
    }


def _groups(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (name, label, sum(counts.values()) if not states else sum(counts.get(state, 0) for state in states))
        for name, (label, states) in GROUPS.items()
    ]


def _around(request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    """What stands above the table: choices of the filters, views that were saved."""
    return {
        "depots": list(fleet.depots().order_by("name")),
        "merchants": list(accounts.merchants().order_by("name")),
        "zones": list(places.zones().order_by("name")),
        "import": queries.get_import(wanted.sought.source_id) if wanted.sought.source_id else None,
        "views": accounts.views(request.auth.id, AREA),
    }


def _kept(request: HttpRequest) -> str:
    """The list as its address says it, without the page."""
    pairs = [(name, value) for name, value in request.GET.items() if value and name not in LEFT_OUT]
    return urlencode(pairs)


@enter(READ("orders"), sign_in=True)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list under a name."""
    query = text(request, "query")
    try:
        do(request, "save view", actions.save_view, AREA, text(request, "name"), query)
    except Refusal as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, f"The view “{text(request, 'name')}” is saved.")
    return HttpResponseRedirect(f"{reverse('orders')}?{query}")


@enter(READ("orders"), sign_in=True)
@require_POST
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a view."""
    do(request, "remove view", actions.remove_view, view_id)
    messages.success(request, "The view is removed.")
    return HttpResponseRedirect(reverse("orders"))
