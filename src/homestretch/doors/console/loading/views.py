"""The depots, one depot's vehicles, and one vehicle being loaded.

A scanner types into the field and presses Enter: the form posts, and the answer is the screen again, by script only its
changed part. Scanning the same package again changes nothing, so a form that is sent twice does no harm.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from homestretch.dispatch import actions, queries
from homestretch.doors.console import words
from homestretch.doors.console.loading.said import Said, judge, sort
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders import queries as orders
from homestretch.web.entry import READ, WRITE, enter

MOST_CODE = 120


@enter(READ("routes"), sign_in=True)
@require_GET
def depots(request: HttpRequest) -> HttpResponse:
    """The depots; the only one at once."""
    with scope(request.auth):
        found = list(fleet.depots().filter(active=True).order_by("name"))
        if len(found) == 1:
            return HttpResponseRedirect(reverse("load-depot", args=[found[0].id]))
        return render(request, "console/loading/depots.html", {"area": "loading", "depots": found})


@enter(READ("routes"), sign_in=True)
@require_GET
def depot(request: HttpRequest, depot_id: UUID) -> HttpResponse:
    """The depot's vehicles of today, how far each is loaded; and where a scanned package goes."""
    with scope(request.auth):
        here, day, loads = _today(depot_id, now())
        code = request.GET.get("code", "").strip()[:MOST_CODE]
        context = {
            "area": "loading",
            "depot": here,
            "day": day,
            "loads": loads,
            "waiting": orders.awaiting_pickup(depot_id),
            "said": sort(code, loads) if code else None,
            "total": sum(len(load.packages) for load in loads),
            "loaded": sum(load.loaded for load in loads),
        }
        with timezone.override(ZoneInfo(here.zone)):
            return render(request, _template(request, "depot"), context)


@enter(READ("routes"), sign_in=True)
@require_GET
def vehicle(request: HttpRequest, depot_id: UUID, route_id: UUID) -> HttpResponse:
    """One vehicle: its packages in the order of loading."""
    return _vehicle(request, depot_id, route_id, None)


@enter(WRITE("routes"), sign_in=True)
@require_POST
def scan(request: HttpRequest, depot_id: UUID, route_id: UUID) -> HttpResponse:
    """A package was scanned or tapped, or is not there; or all that is left is not there."""
    by, at = request.auth, now()
    try:
        said = _take(request.POST, depot_id, route_id, by, at)
    except Refusal as refusal:
        said = Said("alarm", "Not taken", words.said(refusal))
    if not request.headers.get("HX-Request") and said.tone == "good":
        return HttpResponseRedirect(reverse("load-vehicle", args=[depot_id, route_id]))
    return _vehicle(request, depot_id, route_id, said)


def _take(form: Any, depot_id: UUID, route_id: UUID, by: Actor, at: datetime) -> Said:
    with scope(by):
        _, _, loads = _today(depot_id, at)
    mine = next((load for load in loads if load.route.id == route_id), None)
    if mine is None:
        raise not_found("route", route_id)
    if form.get("missing") == "rest":
        for package in mine.waiting:
            actions.scan(route_id, package.barcode, "missing", package_id=package.package_id, by=by, at=at)
        return Said("warn", f"{len(mine.waiting)} missing", "the dispatcher sees which")
    named = form.get("missing") or form.get("package")
    if named:
        package = _named(mine, named)
        said = Said("good", f"Stop {package.number}", f"{package.barcode} · {package.place}", package)
        if form.get("missing"):
            actions.scan(route_id, package.barcode, "missing", package_id=package.package_id, by=by, at=at)
            return Said("warn", "Missing", package.barcode)
    else:
        said = judge(form.get("code", "").strip()[:MOST_CODE], mine, loads)
    if said.package is not None:
        _begin(mine.route, by, at)
        actions.scan(route_id, said.package.barcode, "load", package_id=said.package.package_id, by=by, at=at)
    return said


def _named(load: queries.Load, ident: str) -> queries.Cargo:
    for package in load.packages:
        if str(package.package_id) == ident:
            return package
    raise not_found("package", ident[:40])


def _begin(route: Any, by: Actor, at: datetime) -> None:
    """The first package that goes in says that the vehicle is being loaded."""
    if route.state in ("released", "accepted"):
        actions.start_loading(route.id, by=by, at=at)


def _today(depot_id: UUID, at: datetime) -> tuple[Any, date, list[queries.Load]]:
    here = fleet.depot(depot_id)
    day = at.astimezone(ZoneInfo(here.zone)).date()
    return here, day, queries.loads_at(depot_id, day)


def _vehicle(request: HttpRequest, depot_id: UUID, route_id: UUID, said: Said | None) -> HttpResponse:
    with scope(request.auth):
        here, day, loads = _today(depot_id, now())
        load = next((one for one in loads if one.route.id == route_id), None)
        if load is None:
            raise not_found("route", route_id)
        context = {"area": "loading", "depot": here, "day": day, "load": load, "said": said}
        context["may_scan"] = WRITE("routes").lets_in(request.auth)
        with timezone.override(ZoneInfo(here.zone)):
            return render(request, _template(request, "vehicle"), context)


def _template(request: HttpRequest, name: str) -> str:
    """By script only the part that changes is asked for."""
    part = "-part" if request.headers.get("HX-Request") else ""
    return f"console/loading/{name}{part}.html"
