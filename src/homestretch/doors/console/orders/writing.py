"""An order written by hand, and mended by hand: the same form."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from homestretch.accounts import queries as accounts
from homestretch.doors.console.forms import do, text
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.rules import read_changes, read_order
from homestretch.orders.rules.states import TERMINAL
from homestretch.orders.values import Reading
from homestretch.orders.wire import windows_from_json
from homestretch.web.entry import WRITE, enter

TEXTS = ("external_id", "name", "phone", "email", "language", "address", "label", "access_notes", "from", "to", "pin")
OTHERS = ("day", "instructions", "priority", "depot_id", "merchant_id", "kind", "service_min", "weight_kg", "pieces")
OTHERS_MORE = ("lat", "lon", "skills", "barcodes")
BOXES = ("sms", "by_email", "draft")
NAMES = {"start": "from", "end": "to", "service_s": "service_min", "packages": "barcodes", "consent": "sms"}
TASK_FIXED = ("scheduled", "in_progress")
Values = dict[str, Any]


@enter(WRITE("orders"), sign_in=True)
def new(request: HttpRequest) -> HttpResponse:
    """The empty form, or a new order."""
    if request.method != "POST":
        plain = {"kind": "deliver", "service_min": "3", "pieces": "1", "priority": "0"}
        return _form(request, {**plain, "day": _day_of(request.GET.get("day", ""))}, None)
    values = _typed(request)
    try:
        with scope(request.auth):
            data = read_order(_raw(values), queries.reading())
        made = do(request, "new order", actions.create_order, data)
    except Refusal as refusal:
        return _form(request, values, refusal)
    messages.success(request, "The order is taken in.")
    if made is None:  # sent twice: the first is in the list
        return HttpResponseRedirect(reverse("orders"))
    if "another" in request.POST:
        return HttpResponseRedirect(reverse("order-new"))
    return HttpResponseRedirect(reverse("order", args=[made.id]))


def _day_of(given: str) -> str:
    """The day that the address names; a wrong one names none."""
    with suppress(ValueError):
        return date.fromisoformat(given).isoformat()
    return ""


@enter(WRITE("orders"), sign_in=True)
def edit(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The form of an order that is there, or its change. What is to be done can be changed while that is free."""
    with scope(request.auth):
        row = queries.get_order(order_id)
        reading = queries.reading()
    free = _is_free(row)
    if request.method != "POST":
        return _form(request, _written(row, reading), None, row)
    values = _typed(request)
    raw = _raw(values)
    if not free:
        raw.pop("tasks")
    for name in ("merchant_id", "external_id", "draft"):
        raw.pop(name, None)
    try:
        seen = int(request.POST.get("version", "0")) if request.POST.get("version", "").isdigit() else None
        change = read_changes(raw, Reading(reading.zone, reading.country, row.day))
        do(request, f"edit {order_id}", actions.update_order, order_id, change, version=seen)
    except Refusal as refusal:
        return _form(request, values, refusal, row)
    messages.success(request, "The order is changed.")
    return HttpResponseRedirect(reverse("order", args=[order_id]))


def _is_free(order: Any) -> bool:
    """Whether the one form can say all that is to be done, and nobody relies on it yet."""
    tasks = list(order.tasks.all())
    if len(tasks) != 1 or order.state in TASK_FIXED or order.state in TERMINAL or order.attempts:
        return False
    task = tasks[0]
    sayable = len(task.windows) < 2 and not task.pair and set(task.loads) <= {"pieces", "weight"}
    return sayable and not task.promises.all() and not task.items.all()


def _typed(request: HttpRequest) -> Values:
    values: Values = {name: text(request, name) for name in (*TEXTS, *OTHERS, *OTHERS_MORE)}
    return values | {name: request.POST.get(name) == "on" for name in BOXES}


def _raw(values: Values) -> dict[str, Any]:
    """The order as the API would be told it."""
    given = {name: values[name] for name in ("day", "depot_id", "merchant_id", "external_id") if values[name]}
    return {
        **given,
        "priority": _whole(values["priority"], "priority"),
        "instructions": values["instructions"],
        "pin": values["pin"],
        "draft": values["draft"],
        "recipient": {
            **{name: values[name] for name in ("name", "phone", "email", "language")},
            "consent": {"sms": values["sms"], "email": values["by_email"]},
        },
        "tasks": [_task(values)],
    }


def _task(values: Values) -> dict[str, Any]:
    place = {name: values[name] for name in ("address", "label", "access_notes")}
    if values["lat"] or values["lon"]:
        place |= {name: _number(values[name], name) for name in ("lat", "lon")}
    loads = {"pieces": _whole(values["pieces"], "pieces")}
    if values["weight_kg"]:
        loads["weight"] = round(_number(values["weight_kg"], "weight_kg") * 1000)
    times = {"start": values["from"], "end": values["to"]}
    return {
        "kind": values["kind"] or "deliver",
        "place": place,
        "windows": [times] if any(times.values()) else [],
        "service_s": round(_number(values["service_min"] or "3", "service_min") * 60),
        "loads": {name: size for name, size in loads.items() if size},
        "skills": [word for word in values["skills"].replace(",", " ").split() if word],
        "packages": [word for word in values["barcodes"].split() if word],
    }


def _number(written: str, field: str) -> float:
    with suppress(ValueError):
        return float(written.replace(",", "."))
    raise Refusal("number.malformed", f"{written[:20]!r} is no number", remedy="write digits", field=field)


def _whole(written: str, field: str) -> int:
    number = _number(written or "0", field)
    if number != int(number):
        raise Refusal("number.malformed", f"{written[:20]!r} is no whole number", remedy="write digits", field=field)
    return int(number)


def _written(order: Any, reading: Reading) -> Values:
    """An order as the form has it."""
    recipient = order.recipient
    values: Values = {name: getattr(recipient, name) for name in ("name", "phone", "email", "language")}
    values |= {"sms": bool(recipient.consent.get("sms")), "by_email": bool(recipient.consent.get("email"))}
    values |= {name: getattr(order, name) or "" for name in ("external_id", "instructions", "pin", "depot_id")}
    values |= {"day": order.day.isoformat() if order.day else "", "priority": order.priority, "draft": False}
    task = min(order.tasks.all(), key=lambda task: task.number)
    place, windows = task.place, windows_from_json(task.windows)
    values |= {"address": place.address, "label": place.label, "access_notes": place.access_notes, "kind": task.kind}
    values |= {"service_min": f"{task.service_s / 60:g}", "pieces": task.loads.get("pieces", "")}
    values |= {"weight_kg": f"{task.loads['weight'] / 1000:g}" if task.loads.get("weight") else ""}
    values |= {"skills": " ".join(task.skills), "barcodes": " ".join(p.barcode for p in task.packages.all())}
    if place.lat is not None and not place.address:
        values |= {"lat": place.lat, "lon": place.lon}
    if windows:
        start, end = (instant.astimezone(reading.zone) for instant in (windows[0].start, windows[0].end))
        values |= {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
    return values


def _form(request: HttpRequest, values: Values, refusal: Refusal | None, order: Any = None) -> HttpResponse:
    if refusal is not None and refusal.field:
        last = refusal.field.rsplit(".", 1)[-1].split("[", 1)[0]
        refusal = Refusal(refusal.code, refusal.cause, remedy=refusal.remedy, field=NAMES.get(last, last))
    with scope(request.auth):
        context = {
            "area": "orders",
            "order": order,
            "free": order is None or _is_free(order),
            "values": values,
            "refusal": refusal,
            "said_at_field": refusal is not None and refusal.field in (*TEXTS, *OTHERS, *OTHERS_MORE, "sms"),
            "depots": list(fleet.depots().order_by("name")),
            "merchants": list(accounts.merchants().order_by("name")),
        }
        return render(request, "console/orders/form.html", context, status=refusal.status if refusal else 200)
