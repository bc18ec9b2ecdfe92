"""What a dispatcher's imports and a merchant's have in common: a file is sent, and the latest ones are listed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import once
from homestretch.doors.console.words import IMPORT_STATES
from homestretch.events.clock import now
from homestretch.events.idempotency import Replayed
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries
from homestretch.orders.intake import receive_file

BUSY, OPEN = ("checking", "running", "undoing"), ("received", "checked", "failed")
LATEST, EXAMPLES, REFUSALS = 20, 5, 100


def sending(request: HttpRequest, area: str, template: str, address: str) -> HttpResponse:
    """The page where a file is sent, under what came in by the latest ones; a file leads to its own page, `address`."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse(address, args=[_sent(request)]))
        except Refusal as refused:
            refusal = refused
    with scope(request.auth):
        zone = ZoneInfo(accounts.organization().zone)
        rows = queries.imports().order_by("-created_at", "-id")[:LATEST]
        latest = [(row, *IMPORT_STATES[row.state]) for row in rows]
    context = {"area": area, "refusal": refusal, "latest": latest}
    with timezone.override(zone):
        return render(request, template, context, status=refusal.status if refusal else 200)


def _sent(request: HttpRequest) -> Any:
    """The id of the import that a file began; of the first one where the form was sent twice."""
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("import.file_missing", "no file was chosen", remedy="choose a CSV or XLSX file", field="file")
    key = once(request, "import", lambda row: {"id": str(row.id)})
    try:
        return receive_file(file.name or "orders.csv", file.read(), by=request.auth, at=now(), once=key).id
    except Replayed as again:
        return again.answer["id"]
