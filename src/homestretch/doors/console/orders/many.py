"""One act on the ticked orders, or on all that a list holds: done at once, or behind its page where they are many."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, maybe_ident, text
from homestretch.doors.console.orders.bulk import Outcome, done, read, run
from homestretch.doors.console.orders.seeking import asked
from homestretch.doors.console.words import said
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.rules.bulk import AT_ONCE, MOST, check_many
from homestretch.orders.values import Act, Sought
from homestretch.web.entry import READ, WRITE, enter


@enter(WRITE("orders"), sign_in=True)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do it; what became of each is shown."""
    kept = text(request, "query")
    try:
        act = read(request)
        with scope(request.auth):
            chosen = _chosen(request, kept)
        check_many(chosen)
        if len(chosen) > AT_ONCE:
            row = do(request, "bulk", actions.ask_bulk, act, chosen)
            where = reverse("orders-act", args=[row.id]) if row else reverse("orders")
            return HttpResponseRedirect(f"{where}?{kept}")
    except Refusal as refusal:
        messages.error(request, f"Nothing was done. {said(refusal)}")
        return HttpResponseRedirect(f"{reverse('orders')}?{kept}")
    return _at_once(request, act, run(act, chosen, request.auth), kept)


def _chosen(request: HttpRequest, kept: str) -> list[UUID]:
    """The orders that are meant."""
    if request.POST.get("all") == "yes":
        zone = ZoneInfo(accounts.organization().zone)
        rows = queries.listed(asked(QueryDict(kept), now().astimezone(zone).date()).sought)
    else:
        idents = [maybe_ident(one) for one in request.POST.getlist("order")[: MOST + 1]]
        rows = queries.listed(Sought()).filter(id__in=idents)
    return list(rows.order_by("created_at", "id").values_list("id", flat=True)[: MOST + 1])


def _at_once(request: HttpRequest, act: Act, outcomes: list[Outcome], kept: str) -> HttpResponse:
    with scope(request.auth):
        names = queries.called(one.order_id for one in outcomes)
    refused = [one for one in outcomes if one.refusal is not None]
    context = {
        "area": "orders",
        "kept": kept,
        "words": done(act),
        "total": len(outcomes),
        "done": len(outcomes) - len(refused),
        "names": [(one.order_id, names[one.order_id]) for one in outcomes if one.refusal is None],
        "refused": len(refused),
        "refusals": [_told(one.order_id, names, _kept(one.refusal)) for one in refused if one.refusal],
    }
    return render(request, "console/orders/outcome.html", context)


def _kept(refusal: Refusal) -> dict[str, str]:
    """A refusal as it is kept."""
    return {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}


def _told(order_id: UUID, names: dict[UUID, str], said: dict[str, str]) -> dict[str, Any]:
    return {"order_id": order_id, "name": names.get(order_id, str(order_id)[-8:]), **said}


@enter(READ("orders"), sign_in=True)
@require_safe
def act_page(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """How far an act on many orders is, and what was refused."""
    with scope(request.auth):
        context = _about(request, bulk_id)
        names = queries.called(UUID(one["order_id"]) for one in context["row"].refusals)
        zone = ZoneInfo(accounts.organization().zone)
    context["refusals"] = [_told(UUID(one["order_id"]), names, one) for one in context["row"].refusals]
    with timezone.override(zone):
        return render(request, "console/orders/outcome.html", context)


@enter(READ("orders"), sign_in=True)
@require_safe
def act_progress(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """The same in one line; when it is at its end the page comes anew."""
    with scope(request.auth):
        context = _about(request, bulk_id)
    response = render(request, "console/orders/progress.html", context)
    if not context["busy"]:
        response["HX-Refresh"] = "true"
    return response


def _about(request: HttpRequest, bulk_id: UUID) -> dict[str, Any]:
    row = queries.bulk_act(bulk_id)
    return {
        "area": "orders",
        "kept": request.GET.urlencode(),
        "row": row,
        "busy": row.state == "running",
        "stopped": row.state == "stopped",
        "words": done(Act(row.act, row.args)),
        "total": row.total,
        "done": row.done - row.refused,
        "refused": row.refused,
    }
