"""Orders as a person looks for them: by a piece of what is known, sorted by a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from homestretch.kernel.refusal import not_found
from homestretch.orders.models import LIVE, BulkAct, Order, Promise, Recipient, Task
from homestretch.orders.values import Sought

LAST_DAY = date(9999, 12, 31)  # where an order of no day stands
SHORTEST_PHONE = 4  # digits that may be a piece of a phone number

# By what a list is sorted: unique as a whole, and never null.
SORTS: Mapping[str, tuple[str, ...]] = {
    "created": ("created_at", "id"),
    "day": ("sort_day", "id"),
    "reference": ("sort_reference", "id"),
    "recipient": ("recipient__name", "id"),
    "priority": ("priority", "id"),
    "state": ("state", "id"),
}


def listed(sought: Sought) -> QuerySet[Order]:
    """Orders that fit, each with its recipient and its tasks' places, to be sorted by one of `SORTS`."""
    rows = _fitting(sought).annotate(
        sort_day=Coalesce("day", Value(LAST_DAY)), sort_reference=Coalesce("external_id", Value(""))
    )
    return rows.select_related("recipient", "merchant").prefetch_related("tasks__place")


def bulk_act(bulk_id: UUID) -> BulkAct:
    """An act on many orders, as far as it is. Refuses `bulk.not_found`."""
    row = BulkAct.objects.defer("order_ids").filter(id=bulk_id).first()
    if row is None:
        raise not_found("bulk", bulk_id)
    return row


def called(order_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What orders are called in a list: by reference, else by recipient, else by the end of their id."""
    rows = Order.objects.filter(id__in=list(order_ids)).values_list("id", "external_id", "recipient__name")
    return {ident: reference or name or str(ident)[-8:] for ident, reference, name in rows}


def facets(sought: Sought) -> dict[str, int]:
    """How many orders fit, by state."""
    rows = _fitting(sought).order_by().values("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in rows}


def waiting_at(place_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many tasks that are still to be done stand at each of these places; those with none are left out."""
    rows = Task.objects.filter(place_id__in=list(place_ids), state="open", order__state__in=LIVE)
    return {row["place_id"]: row["count"] for row in rows.order_by().values("place_id").annotate(count=Count("id"))}


def orders_at(place_id: UUID, most: int = 20) -> list[Order]:
    """The newest orders with a task at a place."""
    rows = Order.objects.filter(id__in=Task.objects.filter(place_id=place_id).values("order_id"))
    return list(rows.select_related("recipient").order_by("-created_at", "-id")[:most])


def awaiting_pickup(depot_id: UUID) -> list[tuple[Order, Promise | None]]:
    """The orders that wait at a depot for who takes them, each with the promise that stands, by its end."""
    rows = Order.objects.filter(state="awaiting_pickup", pickup_depot_id=depot_id).select_related("recipient")
    made = Promise.objects.filter(task__order__in=rows, task__state="open", source="pickup")
    standing = made.filter(superseded_by__isnull=True, settlements__isnull=True).select_related("task")
    promised = {promise.task.order_id: promise for promise in standing}
    found = [(order, promised.get(order.id)) for order in rows]
    return sorted(found, key=lambda one: (one[1].end if one[1] else one[0].created_at, one[0].id))


def _fitting(sought: Sought) -> QuerySet[Order]:
    rows = Order.objects.all()
    if sought.states:
        rows = rows.filter(state__in=sought.states)
    for name in ("day", "depot_id", "merchant_id", "source_id"):
        value = getattr(sought, name)
        if value is not None:
            rows = rows.filter(**{name: value})
    if sought.undated:
        rows = rows.filter(day__isnull=True)
    if sought.urgent:
        rows = rows.filter(priority__gt=0)
    if sought.skill:
        rows = rows.filter(id__in=Task.objects.filter(skills__contains=[sought.skill]).values("order_id"))
    if sought.place_ids is not None:
        rows = rows.filter(id__in=Task.objects.filter(place_id__in=sought.place_ids).values("order_id"))
    return rows.filter(_said(sought.q)) if sought.q else rows


def _said(text: str) -> Q:
    person = Q(name__icontains=text) | Q(email__icontains=text)
    digits = re.sub(r"\D", "", text).lstrip("0")
    if len(digits) >= SHORTEST_PHONE and re.fullmatch(r"[\d\s+()./-]+", text):
        person |= Q(phone__contains=digits)
    at = Q(place__address__icontains=text) | Q(place__label__icontains=text)
    return (
        Q(external_id__icontains=text)
        | Q(recipient_id__in=Recipient.objects.filter(person).values("id"))
        | Q(id__in=Task.objects.filter(at).values("order_id"))
    )
