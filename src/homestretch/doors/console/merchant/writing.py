"""A merchant adds an order by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from homestretch.doors.console.forms import do, text
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.rules import read_order
from homestretch.web.entry import MERCHANT, enter

NAMES = ("external_id", "name", "phone", "email", "address", "day", "from", "to", "pieces", "barcodes", "instructions")
FIELDS = {  # the last word of a refusal's field, where the form calls it otherwise
    "start": "from",
    "end": "to",
    "loads": "pieces",
    "packages": "barcodes",
    "place": "address",
    "windows": "from",
}


@enter(MERCHANT, sign_in=True)
def new(request: HttpRequest) -> HttpResponse:
    """The empty form, or a new order."""
    if request.method != "POST":
        return _form(request, {"pieces": "1"}, None)
    values: dict[str, Any] = {name: text(request, name) for name in NAMES}
    values |= {name: name in request.POST for name in ("sms", "by_email")}
    try:
        with scope(request.auth):
            data = read_order(_raw(values), queries.reading())
        made = do(request, "merchant order", actions.create_order, data)
    except Refusal as refusal:
        return _form(request, values, _at_field(refusal))
    messages.success(request, "The order is taken in.")
    if made is None or "another" in request.POST:
        return HttpResponseRedirect(reverse("merchant-new" if made else "merchant"))
    return HttpResponseRedirect(reverse("merchant-order", args=[made.id]))


def _raw(values: dict[str, Any]) -> dict[str, Any]:
    """The form as `read_order` wants it."""
    recipient = {name: values[name] for name in ("name", "phone", "email") if values[name]}
    recipient["consent"] = {"sms": values["sms"], "email": values["by_email"]}
    task: dict[str, Any] = {"kind": "deliver", "place": {"address": values["address"]}}
    if values["from"] or values["to"]:
        task["windows"] = [{"start": values["from"] or "00:00", "end": values["to"] or "23:59"}]
    if values["pieces"]:
        task["loads"] = {"pieces": int(values["pieces"]) if values["pieces"].isdigit() else values["pieces"]}
    if values["barcodes"]:
        task["packages"] = values["barcodes"].split()
    raw = {"recipient": recipient, "tasks": [task], "instructions": values["instructions"]}
    return raw | {name: values[name] for name in ("external_id", "day") if values[name]}


def _at_field(refusal: Refusal) -> Refusal:
    last = (refusal.field or "").rsplit(".", 1)[-1].split("[", 1)[0]
    refusal.field = FIELDS.get(last, last) or None
    return refusal


def _form(request: HttpRequest, values: dict[str, Any], refusal: Refusal | None) -> HttpResponse:
    context: dict[str, Any] = {"area": "merchant", "values": values, "refusal": refusal}
    context["elsewhere"] = refusal is not None and refusal.field not in (*NAMES, "sms")
    return render(request, "console/merchant/form.html", context, status=refusal.status if refusal else 200)
