"""Run sheets as pages that print well, labels and proofs as PDF files."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.jobs import picture_of
from homestretch.doors.console.printing.gather import Sheet, labels_of, proof_of, sheet_of, with_pictures
from homestretch.doors.console.printing.labels import SIZES, labels_pdf
from homestretch.doors.console.printing.proof import proof_pdf
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import READ, enter

DRIVEN = ("released", "accepted", "loading", "started", "finished")


@enter(READ("routes"), sign_in=True)
@require_GET
def day(request: HttpRequest, day: str) -> HttpResponse:
    """All run sheets of a day, of one depot where it is named; each route on pages of its own."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Refusal("day.malformed", f"{day!r} is no day", remedy="write 2026-11-22", field="day") from error
    with scope(request.auth):
        routes = [route for route in dispatch.routes_on(wanted) if route.state in DRIVEN]
        depot = request.GET.get("depot", "")
        sheets = [sheet_of(route) for route in routes if depot in ("", str(route.shift.start_depot_id))]
        return _sheets(request, sheets, wanted)


@enter(READ("routes"), sign_in=True)
@require_GET
def sheet(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """The run sheet of one route."""
    with scope(request.auth):
        route = dispatch.route(route_id)
        return _sheets(request, [sheet_of(route)], route.day)


def _sheets(request: HttpRequest, sheets: list[Sheet], day: date) -> HttpResponse:
    """Inside the scope, for the page reads what it shows."""
    organization = accounts.organization()
    context = {"sheets": sheets, "day": day, "organization": organization, "made": now()}
    zone = sheets[0].zone if sheets else ZoneInfo(organization.zone)
    with timezone.override(zone):
        return render(request, "console/printing/sheets.html", context)


@enter(READ("routes"), sign_in=True)
@require_GET
def labels(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """A page that lets one choose the size of the labels; with a size, the file."""
    size = request.GET.get("size", "")
    with scope(request.auth):
        route = dispatch.route(route_id)
        made = labels_of(route_id)
    if size not in SIZES or not made:
        context = {"area": "loading", "route": route, "count": len(made), "sizes": SIZES.items()}
        return render(request, "console/printing/labels.html", context)
    return _pdf(labels_pdf(made, size, f"Labels, {route.vehicle.name}, {route.day}"), f"labels-{route.day}-{size}")


@enter(READ("routes"), sign_in=True)
@require_GET
def proof(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The proof of one order. Its pictures are read outside of the transaction, one by one."""
    by = request.auth
    with scope(by):
        found = proof_of(order_id, now())
        zone = ZoneInfo(accounts.organization().zone)
    proven = with_pictures(found, zone, lambda proof_id: picture_of(proof_id, by=by)[0])
    return _pdf(proof_pdf(proven), f"proof-{order_id}")


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
