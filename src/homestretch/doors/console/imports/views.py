"""The way of a file: sent, its columns named, tried without effect, taken in behind the page, undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
from homestretch.doors.console.forms import do
from homestretch.doors.console.imports.columns import LABELS, columns_of, guessed, settings_of
from homestretch.doors.console.imports.sending import BUSY, EXAMPLES, OPEN, REFUSALS, sending
from homestretch.doors.console.orders.rows import load, spans
from homestretch.doors.console.words import IMPORT_STATES, ORDER_STATES, plain, said
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.intake import as_read, first_rows
from homestretch.orders.rules.rows import RowRefusal
from homestretch.orders.values import ImportSettings, OrderData, Sought
from homestretch.orders.wire import windows_to_json
from homestretch.web.entry import READ, WRITE, enter

SHOWN, KEPT = 5, 100


@enter(WRITE("orders"), sign_in=True)
def imports(request: HttpRequest) -> HttpResponse:
    """Where a file is sent, and what came in by the latest ones."""
    return sending(request, "orders", "console/imports/list.html", "import")


@enter(READ("orders"), sign_in=True)
@require_safe
def page_of(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import, as far as it is."""
    return _page(request, import_id, None)


def _page(request: HttpRequest, import_id: UUID, refusal: Refusal | None) -> HttpResponse:
    with scope(request.auth):
        row = queries.get_import(import_id)
        zone = ZoneInfo(accounts.organization().zone)
    context: dict[str, Any] = {"area": "orders", "row": row, "refusal": refusal, "step": _step(row)}
    context["state"], context["look"] = IMPORT_STATES[row.state]
    context["failure"] = plain(row.failure.removeprefix("import."))
    context["may_write"] = WRITE("orders").lets_in(request.auth)
    if row.state in OPEN and not row.done_in_part:
        context |= _mapping(request, row, refusal)
    with scope(request.auth):
        context["busy"] = row.state in BUSY
        context["refusals"] = list(queries.import_refusals(import_id).order_by("row", "id")[:REFUSALS])
        if row.state == "undone":
            stayed = queries.listed(Sought(source_id=import_id)).exclude(state="cancelled").order_by("id")[:KEPT]
            context["kept"] = [(order, *ORDER_STATES[order.state]) for order in stayed]
    with timezone.override(zone):
        return render(request, "console/imports/page.html", context, status=refusal.status if refusal else 200)


def _step(row: Any) -> int:
    if row.state in ("received", "failed"):
        return 2
    return 3 if row.state in ("checking", "checked") else 4


def _mapping(request: HttpRequest, row: Any, refusal: Refusal | None) -> dict[str, Any]:
    """The columns, the choices for each, and how the first rows would be read."""
    rows = first_rows(row, EXAMPLES)
    mapping = guessed(row)
    typed = request.POST if request.method == "POST" and refusal is not None else None
    if typed is not None:  # what was chosen stays chosen
        mapping = {typed[f"column-{n}"]: name for n, name in enumerate(row.columns) if typed.get(f"column-{n}")}
    with scope(request.auth):
        return {
            "columns": columns_of(row, mapping, [one.cells for one in rows]),
            "labels": {group: labels.items() for group, labels in LABELS.items()},
            "depots": list(fleet.depots().order_by("name")),
            "day": typed.get("day", "") if typed is not None else row.defaults.get("day", ""),
            "depot_id": typed.get("depot", "") if typed is not None else row.defaults.get("depot_id", ""),
            "unmapped": not ({"address", "street", "city"} & set(mapping) or {"lat", "lon"} <= set(mapping)),
        } | _read(row, replace(ImportSettings(), mapping=mapping), rows)


def _read(row: Any, settings: ImportSettings, rows: list[Any]) -> dict[str, Any]:
    """How rows are read by other settings than the import's own: nothing is stored."""
    row.mapping = dict(settings.mapping)
    if settings.day:
        row.defaults = {**row.defaults, "day": settings.day.isoformat()}
    zone = ZoneInfo(accounts.organization().zone)
    return {"lines": [_line(one.number, made, zone) for one, made in zip(rows, as_read(row, rows), strict=True)]}


def _line(number: int, made: OrderData | RowRefusal, zone: ZoneInfo) -> dict[str, Any]:
    if isinstance(made, RowRefusal):
        return {"number": number, "refusal": made}
    task = made.tasks[0]
    place = task.place
    point = place.point if place else None
    return {
        "number": number,
        "reference": made.external_id or "",
        "name": made.recipient.name,
        "phone": made.recipient.phone,
        "where": (place.address if place else "") or (f"{point.lat:.5f}, {point.lon:.5f}" if point else ""),
        "day": made.day,
        "windows": spans(windows_to_json(task.windows), made.day, zone),
        "loads": ", ".join(load(name, size) for name, size in task.loads.items()),
    }


@enter(WRITE("orders"), sign_in=True)
@require_POST
def preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How the first rows would be read with the columns as they are chosen now. Nothing is kept."""
    with scope(request.auth):
        row = queries.get_import(import_id)
    rows = first_rows(row, SHOWN)
    try:
        settings = settings_of(request.POST, row.columns)
    except Refusal as refusal:
        return render(request, "console/imports/preview.html", {"refusal": refusal})
    with scope(request.auth):
        return render(request, "console/imports/preview.html", _read(row, settings, rows))


@enter(READ("orders"), sign_in=True)
@require_safe
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is; when it is at its end the page comes anew."""
    with scope(request.auth):
        row = queries.get_import(import_id)
    busy = row.state in BUSY
    response = render(
        request, "console/imports/progress.html", {"row": row, "busy": busy, "state": IMPORT_STATES[row.state][0]}
    )
    if not busy:
        response["HX-Refresh"] = "true"
    return response


@enter(WRITE("orders"), sign_in=True)
@require_POST
def check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Try it, without effect."""
    return _asked(request, import_id, "check", actions.check_import)


@enter(WRITE("orders"), sign_in=True)
@require_POST
def run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take it in, as it was checked."""
    return _then(request, import_id, lambda: do(request, f"run {import_id}", actions.run_import, import_id, None))


@enter(WRITE("orders"), sign_in=True)
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Call off what it brought, as far as it is on no route and was never tried."""
    return _then(request, import_id, lambda: do(request, f"undo {import_id}", actions.undo_import, import_id))


def _asked(request: HttpRequest, import_id: UUID, form: str, verb: Callable[..., Any]) -> HttpResponse:
    with scope(request.auth):
        row = queries.get_import(import_id)
    try:
        settings = settings_of(request.POST, row.columns)
        if settings.depot_id is not None:
            with scope(request.auth):
                fleet.depot(settings.depot_id)
    except Refusal as refusal:
        return _page(request, import_id, refusal)
    return _then(request, import_id, lambda: do(request, f"{form} {import_id}", verb, import_id, settings))


def _then(request: HttpRequest, import_id: UUID, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, said(refusal))
    return HttpResponseRedirect(reverse("import", args=[import_id]))
