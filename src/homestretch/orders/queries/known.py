"""Orders, their promises and imports, each found by what names it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from homestretch.accounts import queries as accounts
from homestretch.events.rows import among, second, text
from homestretch.events.scope import current_organization
from homestretch.kernel.ids import derived_id
from homestretch.kernel.refusal import not_found
from homestretch.kernel.windows import Window, local_day
from homestretch.orders import rules
from homestretch.orders.models import (
    LIVE,
    Door,
    Import,
    ImportRefusal,
    Order,
    Package,
    Promise,
    Recipient,
    Settlement,
    Silenced,
    Task,
    Told,
)
from homestretch.orders.values import Brief, Filter, Reading, TaskView
from homestretch.orders.wire import windows_from_json

# Where a task is done: at its place, or at the one that its place was merged into. Such a place has its pin.
LOCATED = Q(place__merged_into=None, place__state="located") | Q(place__merged_into__state="located")


def get_order(order_id: UUID) -> Order:
    """One order with recipient, tasks, places, items, packages and promises. Refuses `order.not_found`."""
    order = _whole(Order.objects.filter(id=order_id)).first()
    if order is None:
        raise not_found("order", order_id)
    return order


def orders(wanted: Filter | None = None) -> QuerySet[Order]:
    """Orders that fit, read with all that hangs on them."""
    wanted = wanted or Filter()
    rows = Order.objects.all()
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    for name in ("day", "merchant_id", "source_id"):
        value = getattr(wanted, name)
        if value is not None:
            rows = rows.filter(**{name: value})
    if wanted.q:  # a range, not LIKE: row-level security keeps LIKE from the index
        rows = rows.filter(external_id__gte=wanted.q, external_id__lt=wanted.q + "\U0010ffff")
    return _whole(rows)


def state_counts(wanted: Filter) -> dict[str, int]:
    """How many orders fit, by state."""
    rows = orders(wanted).prefetch_related(None).select_related(None).order_by()
    return {row["state"]: row["count"] for row in rows.values("state").annotate(count=Count("id"))}


def _whole(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.select_related("recipient").prefetch_related(
        "tasks__place", "tasks__items", "tasks__packages", "tasks__promises__superseded_by"
    )


def recipient_of(order_id: UUID) -> Recipient:
    """Who gets an order. Refuses `order.not_found`."""
    order = Order.objects.filter(id=order_id).select_related("recipient").first()
    if order is None:
        raise not_found("order", order_id)
    return order.recipient


def door_of(order_id: UUID) -> Door | None:
    """What the recipient said of the door, if anything."""
    return Door.objects.filter(order_id=order_id).first()


def known_photos(names: Iterable[str]) -> set[str]:
    """Those of the names that a door's picture has."""
    return set(Door.objects.filter(photo__in=list(names)).values_list("photo", flat=True))


def recipient(recipient_id: UUID, *, lock: bool = False) -> Recipient:
    """One recipient, locked where it is to be changed. Refuses `recipient.not_found`."""
    rows = Recipient.objects.select_for_update(of=("self",)) if lock else Recipient.objects.all()
    found = rows.filter(id=recipient_id).first()
    if found is None:
        raise not_found("recipient", recipient_id)
    return found


def recipients_at(phone: str) -> list[Recipient]:
    """Everybody known by a phone number (E.164)."""
    return list(Recipient.objects.filter(phone=phone)) if phone else []


def addressee(recipient_id: UUID, channel: str) -> Recipient:
    """One recipient under lock, the address by which the channel reaches them held: no STOP to that address can come
    between, whichever row it is said to. Refuses `recipient.not_found`."""
    found = recipient(recipient_id)
    while True:  # the address before the row, for a STOP takes them so; again where it was changed meanwhile
        address = getattr(found, rules.ADDRESSES[channel])
        lock = derived_id("address", current_organization(), channel, address).int & (1 << 63) - 1
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
        found = recipient(recipient_id, lock=True)
        if getattr(found, rules.ADDRESSES[channel]) == address:
            return found


def silent(channel: str, addresses: Iterable[str]) -> set[str]:
    """Those of the addresses whose owners want nothing more by a channel: by any row that has it, erased ones too."""
    field, wanted = rules.ADDRESSES[channel], set(addresses) - {""}
    if not wanted:
        return set()
    rows = Recipient.objects.filter(**{f"{field}__in": wanted}).exclude(opted_out=[])
    quiet = {getattr(row, field) for row in rows if channel in row.opted_out}
    hashes = {address_hash(channel, address): address for address in wanted - quiet}
    erased = Silenced.objects.filter(channel=channel, address_hash__in=list(hashes))
    return quiet | {hashes[bytes(found)] for found in erased.values_list("address_hash", flat=True)}


def is_silent(recipient: Recipient, channel: str) -> bool:
    """Whether a recipient wants nothing by a channel, or somebody of the same address does not."""
    return channel in recipient.opted_out or bool(silent(channel, [getattr(recipient, rules.ADDRESSES[channel])]))


def address_hash(channel: str, address: str) -> bytes:
    """What is kept of a silenced address when its owner is erased: numbers are few, so the hash has our key."""
    said = f"{current_organization()}:{channel}:{address}"
    return salted_hmac("homestretch.silenced", said, algorithm="sha256").digest()


def may_message(recipient: Recipient, channel: str) -> bool:
    """Whether the recipient consented to a channel, has not opted out, and can be reached by it."""
    address = channel in rules.ADDRESSES and getattr(recipient, rules.ADDRESSES[channel])
    return bool(address) and bool(recipient.consent.get(channel)) and channel not in recipient.opted_out


def reading() -> Reading:
    """What raw orders of this organization are read against."""
    organization = accounts.organization()
    return Reading(ZoneInfo(organization.zone), organization.country)


def ready_for(
    day: date,
    depot_ids: Iterable[UUID] = (),
    *,
    zone: ZoneInfo | None = None,
    these: Iterable[UUID | str] | None = None,
) -> list[TaskView]:
    """What is to be planned for a day, by priority and age: open tasks on no route, of orders that are planned for the
    day or an earlier one, or that name none and have a window in it (or none at all).

    `depot_ids`: orders whose goods are at one of these, or anywhere; none: all. `zone` says when the day begins and
    ends, by default the organization's. Windows that ended before the day began bind nobody any more: they are left
    out, and a task that has no others may be served at any time. `these`: of these tasks alone.
    """
    span = local_day(day, zone or ZoneInfo(accounts.organization().zone))
    rows = _plannable().filter(Q(order__day__lte=day) | Q(order__day__isnull=True))
    if these is not None:
        rows = rows.filter(id__in=list(these))
    depots = list(depot_ids)
    if depots:
        rows = rows.filter(Q(order__depot_id__isnull=True) | Q(order__depot_id__in=depots))
    found = []
    for task in rows.order_by("-order__priority", "order__created_at", "order_id", "number"):
        windows = windows_from_json(task.windows)
        if task.order.day is None and windows and not _concerns(windows, span):
            continue
        found.append((task, tuple(window for window in windows if window.end >= span.start)))
    return _views(found)


def _concerns(windows: tuple[Window, ...], span: Window) -> bool:
    """Whether a window meets the day, or all of them have passed: then it is overdue."""
    return any(w.clipped(span) for w in windows) or all(w.end < span.start for w in windows)


def task_views(task_ids: Iterable[UUID]) -> list[TaskView]:
    """These tasks as planning sees them, whatever their state; those that are not located are left out."""
    rows = Task.objects.filter(LOCATED, id__in=list(task_ids)).select_related("order", "place__merged_into")
    return _views([(task, windows_from_json(task.windows)) for task in rows.order_by("order_id", "number")])


def placeable(order_id: UUID) -> list[UUID]:
    """The tasks of an order that could be put on a route now."""
    return list(_plannable().filter(order_id=order_id).order_by("number").values_list("id", flat=True))


def off_route(order_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the orders that owe something which is on no route."""
    rows = Task.objects.filter(order_id__in=list(order_ids), state="open", route_id=None)
    return set(rows.values_list("order_id", flat=True))


def _plannable() -> QuerySet[Task]:
    rows = Task.objects.filter(state="open", route_id__isnull=True, order__state__in=rules.PLANNABLE)
    return rows.filter(LOCATED).select_related("order", "place__merged_into")


def _views(found: list[tuple[Task, tuple[Window, ...]]]) -> list[TaskView]:
    halves: dict[tuple[UUID, str], int] = {}
    with_pairs = {task.order_id for task, _ in found if task.pair}
    open_halves = Task.objects.filter(order_id__in=with_pairs, state="open").exclude(pair="")
    for order_id, pair in open_halves.values_list("order_id", "pair"):
        halves[order_id, pair] = halves.get((order_id, pair), 0) + 1
    found_at = [(task, task.place.merged_into or task.place, windows) for task, windows in found]
    return [
        TaskView(
            task_id=task.id,
            order_id=task.order_id,
            external_id=task.order.external_id,
            kind=task.kind,
            place_id=place.id,
            lat=place.halt_at.lat,
            lon=place.halt_at.lon,
            access_s=place.access_s,
            windows=windows,
            service_s=task.service_s,
            loads=task.loads,
            skills=tuple(task.skills),
            pair=task.pair if halves.get((task.order_id, task.pair), 0) == 2 else "",
            priority=task.order.priority,
            depot_id=task.order.depot_id,
            day=task.order.day,
        )
        for task, place, windows in found_at
    ]


def plannable(task_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the tasks that may be put on a route: open, on none, located, of orders that can be planned."""
    return set(_plannable().filter(id__in=list(task_ids)).values_list("id", flat=True))


def packages_of_tasks(task_ids: Iterable[UUID]) -> list[Package]:
    """The packages of some tasks, each with its task."""
    rows = Package.objects.filter(task_id__in=list(task_ids)).select_related("task")
    return list(rows.order_by("task_id", "barcode"))


def briefs(task_ids: Iterable[UUID | str]) -> dict[str, Brief]:
    """What a list or a map says of these tasks, by id as text: five reads, however many they are. None of them joins:
    where ten thousand orders have just been written the database does not know yet how to."""
    names = (text("id"), "kind", "pair", "state", text("loads"), text("order_id"))
    tasks = list(among(Task.objects.all(), "id", task_ids).values_list(*names))
    of_order = (text("id"), "external_id", text("recipient_id"), "priority")
    orders = among(Order.objects.all(), "id", {row[5] for row in tasks}).values_list(*of_order)
    known = {row[0]: row[1:] for row in orders}
    people = among(Recipient.objects.all(), "id", {row[1] for row in known.values()}).values_list(text("id"), "name")
    called = dict(people)
    promises = _standing([row[0] for row in tasks])
    loads = {said: json.loads(said) for said in {row[4] for row in tasks}}  # few differ; read, and never written
    found = {}
    for ident, kind, pair, state, said, order_id in tasks:
        external_id, recipient_id, priority = known[order_id]
        of_whom = (external_id, called.get(recipient_id, ""), priority, promises.get(ident))
        found[ident] = Brief(ident, kind, pair, state, loads[said], order_id, *of_whom)
    return found


def _standing(task_ids: list[str]) -> dict[str, tuple[int, int]]:
    """The promise that stands for each of the tasks that has one, as `current_promise` says for one of them."""
    rows = among(Promise.objects.all(), "task_id", task_ids).order_by("attempt", "made_at", "id")
    names = (text("id"), text("task_id"), "attempt", text("supersedes_id"), second("start"), second("end"))
    last: dict[str, tuple[int, str, tuple[int, int]]] = {}  # (attempt, first of the chain, window)
    for ident, task_id, attempt, supersedes, start, end in rows.values_list(*names):
        before = last.get(task_id)
        first = before[1] if before and supersedes and before[0] == attempt else ident
        last[task_id] = (attempt, first, (start, end))
    firsts = {first for _, first, _ in last.values()}
    settled = among(Settlement.objects.all(), "promise_id", firsts).values_list(text("promise_id"), flat=True)
    over = set(settled) if firsts else set()
    return {task_id: window for task_id, (_, first, window) in last.items() if first not in over}


def waiting_on(day: date, depot_ids: Iterable[UUID] = ()) -> set[str]:
    """Tasks that may be ready for a day, by ids alone, as text: a superset of what `ready_for` gives."""
    rows = Task.objects.filter(state="open", route_id__isnull=True, order__state__in=rules.PLANNABLE)
    rows = rows.filter(Q(order__day__lte=day) | Q(order__day__isnull=True))
    depots = list(depot_ids)
    if depots:
        rows = rows.filter(Q(order__depot_id__isnull=True) | Q(order__depot_id__in=depots))
    return set(rows.values_list(text("id"), flat=True))


def task(task_id: UUID) -> Task:
    """One task with its order and place. Refuses `task.not_found`."""
    found = Task.objects.filter(id=task_id).select_related("order__recipient", "place").first()
    if found is None:
        raise not_found("task", task_id)
    return found


def chain_of(task_id: UUID, attempt: int | None = None) -> list[Promise]:
    """The promises of a task's latest attempt (or of the one given), oldest first: each supersedes the one before."""
    rows = list(Promise.objects.filter(task_id=task_id))
    if attempt is None:
        attempt = max((p.attempt for p in rows), default=0)
    rows = [p for p in rows if p.attempt == attempt]
    following = {p.supersedes_id: p for p in rows}
    chain: list[Promise] = []
    while (promise := following.get(chain[-1].id if chain else None)) is not None:
        chain.append(promise)
    return chain


def current_promise(task_id: UUID) -> Promise | None:
    """The promise that stands for a task; None where none was made, or the last was settled by an attempt that failed
    and left the task open."""
    chain = chain_of(task_id)
    if not chain or (chain[0].settlements.exists() and chain[0].task.state == "open"):
        return None
    return chain[-1]


def settlement_of(task_id: UUID) -> Settlement | None:
    """How the latest attempt's promises ended, if they did."""
    chain = chain_of(task_id)
    return Settlement.objects.filter(promise=chain[0]).first() if chain else None


def settlement(promise_id: UUID) -> Settlement | None:
    """How the chain that begins with a promise ended, with its task and order; None: it did not yet."""
    rows = Settlement.objects.filter(promise_id=promise_id).select_related("promise__task", "promise__order")
    return rows.first()


def settlement_at(task_id: UUID, at: datetime) -> Settlement | None:
    """How the promise of the attempt that ended at `at` ended."""
    return Settlement.objects.select_related("promise").filter(promise__task_id=task_id, at=at).first()


def promises_of(order_id: UUID) -> list[Promise]:
    """All promises of an order, in the order they were made; superseded ones too."""
    return list(Promise.objects.filter(order_id=order_id).order_by("made_at", "id"))


def promised_within(span: Window) -> list[Window]:
    """The windows that stand promised to orders still open, at their doors, and that begin within a span."""
    rows = Promise.objects.filter(start__gte=span.start, start__lt=span.end, order__state__in=LIVE)
    standing = rows.exclude(source="pickup").filter(superseded_by__isnull=True, settlements__isnull=True)
    return [Window(start, end) for start, end in standing.values_list("start", "end")]


def unpromised_on(days: Iterable[date]) -> dict[date, int]:
    """How many open orders are for each of these days that were promised nothing yet."""
    rows = Order.objects.filter(day__in=list(days), state__in=LIVE, promises__isnull=True)
    return {row["day"]: row["count"] for row in rows.values("day").annotate(count=Count("id"))}


def tellings(promise_id: UUID) -> list[Told]:
    """When a promise was told, and by which channel."""
    return list(Told.objects.filter(promise_id=promise_id).order_by("at"))


def told_ahead_s(settlement: Settlement) -> int | None:
    """Seconds from when a settled chain was first told to the start of the window that was told then; below zero where
    that had begun. None: nobody was told."""
    chain = {"promise__task_id": settlement.promise.task_id, "promise__attempt": settlement.promise.attempt}
    first = Told.objects.filter(**chain).select_related("promise").order_by("at", "id").first()
    return int((first.promise.start - first.at).total_seconds()) if first else None


def get_import(import_id: UUID) -> Import:
    """One import. Refuses `import.not_found`."""
    found = Import.objects.filter(id=import_id).first()
    if found is None:
        raise not_found("import", import_id)
    return found


def imports() -> QuerySet[Import]:
    """All imports."""
    return Import.objects.all()


def import_refusals(import_id: UUID) -> QuerySet[ImportRefusal]:
    """The rows of an import that were not taken."""
    return ImportRefusal.objects.filter(source_id=import_id)
