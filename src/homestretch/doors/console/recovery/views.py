"""Proposals of the running day: a list, one with its parts, and the yes and no to it."""

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
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.doors.console.forms import do, maybe_ident, text
from homestretch.doors.console.measures.words import Words
from homestretch.doors.console.recovery.shown import Shown, lines_of
from homestretch.doors.console.recovery.words import ASKED
from homestretch.doors.console.words import said
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.recovery import actions, queries
from homestretch.recovery.rules.proposing import ABOUT_A_ROUTE
from homestretch.recovery.values import Wish
from homestretch.web.entry import READ, WRITE, enter
from homestretch.web.pages import page

PER_PAGE = 30
MOST_OPEN = 100


@enter(READ("routes"), sign_in=True)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Those that wait for a yes or are searched for, then what became of the others."""
    with scope(request.auth):
        organization = accounts.organization()
        open_ones = queries.open_proposals().order_by("-asked_at", "-id")[:MOST_OPEN]
        part = _settled(request.GET.get("cursor") or None)
        today = now().astimezone(ZoneInfo(organization.zone)).date()
        live = dispatch.routes(day=today).filter(state__in=LIVE_ROUTE).order_by("vehicle__name", "id")
        context = {
            "area": "today",
            "open": sorted(lines_of(open_ones), key=lambda line: line.row.state != "made"),
            "settled": lines_of(part["items"]),
            "next": part["next"],
            "is_first": not request.GET.get("cursor"),
            "routes": list(live),
            "kinds": [(kind, ASKED[kind]) for kind in ABOUT_A_ROUTE],
            "may_decide": WRITE("routes").lets_in(request.auth),
        }
        with timezone.override(ZoneInfo(organization.zone)):
            return render(request, "console/recovery/list.html", context)


def _settled(cursor: str | None) -> dict[str, Any]:
    rows = queries.settled_proposals()
    try:
        return page(rows, cursor, PER_PAGE, key=("asked_at", "id"), descending=True)
    except Refusal:  # an address of yesterday: from the beginning
        return page(rows, None, PER_PAGE, key=("asked_at", "id"), descending=True)


@enter(WRITE("routes"), sign_in=True)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask what could be done about a route, an order or a stop; the answer has a page of its own."""
    wish = Wish(
        kind=text(request, "kind"),
        route_id=maybe_ident(text(request, "route_id")),
        order_id=maybe_ident(text(request, "order_id")),
        stop_id=maybe_ident(text(request, "stop_id")),
        scope=text(request, "scope") or None,
        exception_id=maybe_ident(text(request, "exception_id")),
    )
    try:
        about = wish.route_id or wish.order_id or wish.stop_id
        row = do(request, f"propose {wish.kind[:20]} {about}", actions.ask, wish)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, said(refusal))
        return HttpResponseRedirect(reverse("proposals"))
    return HttpResponseRedirect(reverse("proposal", args=[row.id]) if row is not None else reverse("proposals"))


@enter(READ("routes"), sign_in=True)
@require_safe
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One of them."""
    return _page(request, proposal_id)


@enter(READ("routes"))
@require_safe
def search(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """What changes of its page while it is searched for."""
    return _page(request, proposal_id, "console/recovery/body.html")


def _page(
    request: HttpRequest,
    proposal_id: UUID,
    template: str = "console/recovery/page.html",
    refusal: Refusal | None = None,
) -> HttpResponse:
    with scope(request.auth):
        organization = accounts.organization()
        shown = Shown(queries.proposal(proposal_id))
        words = Words(ZoneInfo(organization.zone), organization.currency)
        figures = shown.figures
        ticked = _ticked(request) if refusal else [part.number for part in shown.parts]
        context = {
            "area": "today",
            "one": shown,
            "refusal": refusal,
            "ticked": ticked,
            "costs": {name: words.say(figures[name], "money") for name in ("cost_before", "cost_after") if figures},
            "saved": words.say(abs(shown.saved), "money") if figures else "",
            "again": ASKED[shown.row.kind],
            "may_decide": WRITE("routes").lets_in(request.auth),
        }
        with timezone.override(words.zone):
            return render(request, template, context, status=refusal.status if refusal else 200)


@enter(WRITE("routes"), sign_in=True)
@require_POST
def accept(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Carry it out, as far as its parts are ticked."""
    try:
        do(request, f"accept {proposal_id}", actions.accept, proposal_id, _ticked(request), version=_version(request))
    except Refusal as refusal:
        return _page(request, proposal_id, refusal=refusal)
    messages.success(request, "The routes are changed, and the drivers see it.")
    return HttpResponseRedirect(reverse("proposal", args=[proposal_id]))


@enter(WRITE("routes"), sign_in=True)
@require_POST
def decline(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Say no, and why."""
    reason, version = text(request, "reason"), _version(request)
    try:
        do(request, f"decline {proposal_id}", actions.decline, proposal_id, reason, version=version)
    except Refusal as refusal:
        return _page(request, proposal_id, refusal=refusal)
    messages.success(request, "Declined: the routes stay as they are.")
    return HttpResponseRedirect(reverse("proposal", args=[proposal_id]))


def _ticked(request: HttpRequest) -> list[int]:
    return [int(number) for number in request.POST.getlist("hunk") if number.isascii() and number.isdigit()]


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() else None
