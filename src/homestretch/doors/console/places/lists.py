"""The queue of places to fix, places by a piece of their address, and those that may be one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from homestretch.doors.console.forms import do, maybe_ident
from homestretch.doors.console.words import PLACE_STATES, said
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions, queries, rules
from homestretch.web.entry import READ, WRITE, enter
from homestretch.web.pages import page

PER_PAGE, PAIRS, LONGEST = 50, 50, 120


@enter(READ("places"), sign_in=True)
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """One of the three lists."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    show = "all" if text or request.GET.get("show") == "all" else request.GET.get("show", "")
    with scope(request.auth):
        context: dict[str, Any] = {"area": "places", "show": show, "q": text, "to_fix": queries.to_fix().count()}
        context["looked_up"] = queries.places(("queued",)).count()
        context["may_write"] = WRITE("places").lets_in(request.auth)
        if show == "twice":
            context["pairs"] = queries.duplicates(PAIRS)
        else:
            rows = queries.places_like(text) if show == "all" else queries.to_fix()
            context |= _lines(rows, request.GET.get("cursor") or None)
        return render(request, "console/places/list.html", context)


def _lines(rows: Any, cursor: str | None) -> dict[str, Any]:
    try:
        part = page(rows, cursor, PER_PAGE)
    except Refusal:  # an address of yesterday: from the beginning
        part = page(rows, None, PER_PAGE)
    waiting = orders.waiting_at(row.id for row in part["items"])
    lines = [
        {
            "row": row,
            "state": PLACE_STATES[row.state],
            "why": why(row),
            "waiting": waiting.get(row.id, 0),
            "offers": len(row.candidates),
        }
        for row in part["items"]
    ]
    return {"lines": lines, "next": part["next"]}


def why(row: Any) -> str:
    """Why somebody must look at a place."""
    if row.review == rules.OUTSIDE:
        return "Outside of where we serve"
    if row.state == "not_located":
        return "No map and no geocoder knows it"
    if row.state == "needs_review":
        return "Several places fit" if len(row.candidates) > 1 else "Found, but not for sure"
    return ""


@enter(WRITE("places"), sign_in=True)
@require_POST
def merge(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The place is the other one."""
    return _decide(
        request, "merge", actions.merge, place_id, "The two are one place now. It can be undone on its page."
    )


@enter(WRITE("places"), sign_in=True)
@require_POST
def apart(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The two are two."""
    return _decide(request, "apart", actions.keep_apart, place_id, "The two stay two, and are not proposed any more.")


def _decide(request: HttpRequest, form: str, verb: Any, place_id: UUID, done: str) -> HttpResponse:
    other = maybe_ident(request.POST.get("other", ""))
    if other is None:
        messages.error(request, "Which other place was meant could not be read.")
        return HttpResponseRedirect(f"{reverse('places')}?show=twice")
    try:
        do(request, f"{form} {place_id}", verb, place_id, other)
    except Refusal as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('places')}?show=twice")
