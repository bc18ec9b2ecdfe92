"""A merchant's own files of orders: sent, their columns named, tried, taken in, undone."""

from __future__ import annotations

from collections.abc import Callable
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
from homestretch.doors.console.words import IMPORT_STATES
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.intake import first_rows
from homestretch.web.csv import table
from homestretch.web.entry import MERCHANT, enter

REFUSALS_IN_CSV = 100_000


@enter(MERCHANT, sign_in=True)
def send(request: HttpRequest) -> HttpResponse:
    """Where a file is sent, and what came in by the latest ones."""
    return sending(request, "merchant", "console/merchant/import.html", "merchant-import-page")


@enter(MERCHANT, sign_in=True)
@require_safe
def page_of(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import, as far as it is."""
    return _page(request, import_id)


def _page(request: HttpRequest, import_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    with scope(request.auth):
        row = queries.get_import(import_id)
        zone = ZoneInfo(accounts.organization().zone)
        refused = list(queries.import_refusals(import_id).order_by("row", "id")[:REFUSALS])
    state, look = IMPORT_STATES[row.state]
    context: dict[str, Any] = {"area": "merchant", "row": row, "state": state, "look": look, "refusal": refusal}
    context |= {"busy": row.state in BUSY, "refusals": refused, "day": row.defaults.get("day", "")}
    if row.state in OPEN and not row.done_in_part:
        examples = [one.cells for one in first_rows(row, EXAMPLES)]
        context["columns"] = columns_of(row, guessed(row), examples)
        context["labels"] = {group: labels.items() for group, labels in LABELS.items()}
    with timezone.override(zone):
        status = refusal.status if refusal else 200
        return render(request, "console/merchant/import_page.html", context, status=status)


@enter(MERCHANT, sign_in=True)
@require_POST
def check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Try it, without effect."""

    def ask() -> None:
        with scope(request.auth):
            settings = settings_of(request.POST, queries.get_import(import_id).columns)
        do(request, f"merchant check {import_id}", actions.check_import, import_id, settings)

    return _then(request, import_id, ask)


@enter(MERCHANT, sign_in=True)
@require_POST
def run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take it in, as it was checked."""
    return _then(
        request, import_id, lambda: do(request, f"merchant run {import_id}", actions.run_import, import_id, None)
    )


@enter(MERCHANT, sign_in=True)
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Call off what it brought, as far as it is on no route and was never tried."""
    return _then(request, import_id, lambda: do(request, f"merchant undo {import_id}", actions.undo_import, import_id))


def _then(request: HttpRequest, import_id: UUID, ask: Callable[[], Any]) -> HttpResponse:
    with scope(request.auth):
        queries.get_import(import_id)
    try:
        ask()
    except Refusal as refusal:
        return _page(request, import_id, refusal)
    messages.success(request, "It is being worked on.")
    return HttpResponseRedirect(reverse("merchant-import-page", args=[import_id]))


@enter(MERCHANT, sign_in=True)
@require_safe
def refusals(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The rows that were not taken, as CSV."""
    names = ["row", "column", "value", "code", "remedy"]
    with scope(request.auth):
        queries.get_import(import_id)
        rows = queries.import_refusals(import_id).order_by("row", "id")[:REFUSALS_IN_CSV]
        return table(f"refusals-{import_id}.csv", names, ([getattr(row, name) for name in names] for row in rows))
