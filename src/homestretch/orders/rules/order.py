"""Reading an order as a caller gives it: one reader for the API and for files, so that both refuse alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.kernel.contact import read_email, read_language, read_phone
from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import add_loads, read_instant, read_loads
from homestretch.kernel.windows import Window, local_instant, read_zone
from homestretch.orders.rules import reading
from homestretch.orders.rules.reading import inside
from homestretch.orders.values import ItemData, OrderChange, OrderData, Reading, RecipientData, TaskData
from homestretch.places import rules as places
from homestretch.places.values import PlaceData

KINDS = ("deliver", "collect", "service")
PROOFS = ("photo", "signature", "name", "scan")  # what a driver may be asked to bring back
ADDRESSES = {"sms": "phone", "email": "email"}  # channel -> the field of a recipient by which it reaches them
CHANNELS = tuple(ADDRESSES)
MAX_TASKS, MAX_ITEMS, MAX_PACKAGES, MAX_WINDOWS, MAX_SKILLS, MAX_LOADS = 20, 200, 200, 10, 20, 10
MAX_SERVICE_S = 12 * 3600
_PIN = re.compile(r"[A-Za-z0-9]{4,12}")


def read_order(raw: Mapping[str, Any], context: Reading) -> OrderData:
    """The order, checked. Refuses with the path of the field; see the list of refusals for the codes."""
    if raw.get("zone"):
        context = replace(context, zone=read_zone(str(raw["zone"])))
    day = reading.day(raw, "day")
    tasks = read_tasks(raw, replace(context, day=day or context.day))
    with inside("recipient"):
        recipient = read_recipient(reading.mapping(raw.get("recipient"), ""), context.country)
    return OrderData(
        recipient=recipient,
        tasks=tasks,
        external_id=reading.text(raw, "external_id", 120) or None,
        merchant_id=reading.ident(raw, "merchant_id"),
        depot_id=reading.ident(raw, "depot_id"),
        day=day,
        priority=reading.whole(raw, "priority", 0, 9, 0) or 0,
        instructions=reading.text(raw, "instructions", 2000),
        pin=read_pin(raw),
        attempts_allowed=reading.whole(raw, "attempts_allowed", 1, 10),
        metadata=reading.metadata(raw),
        draft=bool(raw.get("draft", False)),
    )


def read_changes(raw: Mapping[str, Any], context: Reading) -> OrderChange:
    """What is to be changed about an order: only what `raw` names. Refuses as `read_order` does."""
    recipient = None
    if "recipient" in raw:
        with inside("recipient"):
            recipient = read_recipient(reading.mapping(raw["recipient"], ""), context.country)
    return OrderChange(
        day=reading.day(raw, "day"),
        priority=reading.whole(raw, "priority", 0, 9),
        instructions=reading.text(raw, "instructions", 2000) if "instructions" in raw else None,
        pin=read_pin(raw) if "pin" in raw else None,
        metadata=reading.metadata(raw) if "metadata" in raw else None,
        depot_id=reading.ident(raw, "depot_id"),
        recipient=recipient,
        tasks=read_tasks(raw, context) if "tasks" in raw else None,
    )


def read_pin(raw: Mapping[str, Any]) -> str:
    """What is asked at the door. Refuses `order.pin_invalid`."""
    pin = reading.text(raw, "pin", 40)
    if pin and not _PIN.fullmatch(pin):
        raise Refusal("order.pin_invalid", "not a PIN", remedy="4 to 12 letters and digits", field="pin")
    return pin


def read_recipient(raw: Mapping[str, Any], country: str) -> RecipientData:
    """Who gets the goods. Refuses bad phones, e-mails, languages and `recipient.channel_unknown`."""
    consent = reading.mapping(raw.get("consent"), "consent")
    for channel in consent:
        if channel not in CHANNELS:
            raise Refusal(
                "recipient.channel_unknown",
                f"{str(channel)[:20]!r} is no channel",
                remedy=f"one of {', '.join(CHANNELS)}",
                field="consent",
            )
    return RecipientData(
        name=reading.text(raw, "name", 200),
        phone=read_phone(reading.text(raw, "phone", 40), country),
        email=read_email(reading.text(raw, "email", 254)),
        language=read_language(reading.text(raw, "language", 20)),
        external_id=reading.text(raw, "external_id", 120) or None,
        consent={channel: bool(given) for channel, given in consent.items()},
    )


def read_tasks(raw: Mapping[str, Any], context: Reading) -> tuple[TaskData, ...]:
    """All tasks. Refuses `order.tasks_missing`, `order.tasks_too_many`, `task.pair_incomplete`."""
    rows = reading.rows(raw, "tasks", MAX_TASKS, "order.tasks_too_many")
    if not rows:
        raise Refusal("order.tasks_missing", "there is nothing to do", remedy="give at least one task", field="tasks")
    tasks = []
    for index, row in enumerate(rows):
        with inside(f"tasks[{index}]"):
            tasks.append(read_task(reading.mapping(row, ""), context))
    for name in {task.pair for task in tasks if task.pair}:
        if [task.kind for task in tasks if task.pair == name] != ["collect", "deliver"]:
            raise Refusal(
                "task.pair_incomplete",
                f"the pair {name[:40]!r} is not a collect followed by a deliver",
                remedy="give one collect, then one deliver, the same pair",
                field="tasks",
            )
    return tuple(tasks)


def read_task(raw: Mapping[str, Any], context: Reading) -> TaskData:
    """One task. Loads as given, else the sum of the items'. Refuses `task.kind_unknown` and what its parts do."""
    kind = raw.get("kind", "deliver")
    if kind not in KINDS:
        raise Refusal(
            "task.kind_unknown", f"{str(kind)[:20]!r} is no kind", remedy=f"one of {', '.join(KINDS)}", field="kind"
        )
    items = read_items(raw)
    loads = _loads(raw)
    if not loads:
        for item in items:
            loads = add_loads(loads, {name: size * item.quantity for name, size in item.loads.items()})
    place_id = reading.ident(raw, "place_id")
    return TaskData(
        kind=kind,
        place=None if place_id else read_place(raw),
        place_id=place_id,
        windows=read_windows(raw, context),
        service_s=reading.whole(raw, "service_s", 0, MAX_SERVICE_S, 180) or 0,
        loads=loads,
        skills=_skills(raw),
        proof_required=_proof_required(raw),
        pair=reading.text(raw, "pair", 40),
        items=items,
        packages=_barcodes(raw),
    )


def _loads(raw: Mapping[str, Any]) -> dict[str, int]:
    given = reading.mapping(raw.get("loads"), "loads")
    if len(given) > MAX_LOADS or any(not 0 < len(str(name)) <= 40 for name in given):
        raise Refusal(
            "load.dimension_invalid",
            "a dimension has no name or a long one, or there are too many",
            remedy=f"at most {MAX_LOADS} dimensions with names of 1 to 40 characters",
            field="loads",
        )
    return read_loads(given)


def read_items(raw: Mapping[str, Any]) -> tuple[ItemData, ...]:
    """The ordered lines. Refuses `task.items_too_many`."""
    items = []
    for index, row in enumerate(reading.rows(raw, "items", MAX_ITEMS, "task.items_too_many")):
        with inside(f"items[{index}]"):
            line = reading.mapping(row, "")
            quantity = reading.whole(line, "quantity", 1, 1_000_000, 1) or 1
            items.append(ItemData(reading.text(line, "name", 200, needed=True), quantity, _loads(line)))
    return tuple(items)


def _skills(raw: Mapping[str, Any]) -> tuple[str, ...]:
    found = set()
    for index, skill in enumerate(reading.rows(raw, "skills", MAX_SKILLS, "task.skills_too_many")):
        with inside(f"skills[{index}]"):
            found.add(reading.text({"skill": skill}, "skill", 40, needed=True))
    return tuple(sorted(found))


def _proof_required(raw: Mapping[str, Any]) -> tuple[str, ...]:
    found = set(map(str, reading.rows(raw, "proof_required", MAX_SKILLS, "task.proof_unknown")))
    if unknown := sorted(found - set(PROOFS)):
        raise Refusal(
            "task.proof_unknown",
            f"{unknown[0][:20]!r} is no proof that can be asked for",
            remedy=f"some of {', '.join(PROOFS)}; a PIN is asked for where the order has one",
            field="proof_required",
        )
    return tuple(proof for proof in PROOFS if proof in found)


def _barcodes(raw: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for index, code in enumerate(reading.rows(raw, "packages", MAX_PACKAGES, "task.packages_too_many")):
        with inside(f"packages[{index}]"):
            barcode = reading.text({"barcode": code}, "barcode", 120, needed=True)
            if barcode in found:
                raise Refusal("package.barcode_twice", "this barcode stands twice", remedy="name each package once")
            found.append(barcode)
    return tuple(found)


def read_place(raw: Mapping[str, Any]) -> PlaceData:
    """A task's place. Refuses `place.missing`, `place.coordinates_*`, `place.too_long`."""
    with inside("place"):
        given = reading.mapping(raw.get("place"), "")
        lat, lon = reading.number(given, "lat"), reading.number(given, "lon")
        if (lat is None) != (lon is None):
            missing = "lat" if lat is None else "lon"
            raise Refusal(
                "place.coordinates_invalid", f"{missing} is missing", remedy="give both or none", field=missing
            )
        point: Point | None = None if lat is None or lon is None else read_point(lat, lon)
        return places.read_place(
            PlaceData(
                address=reading.text(given, "address", places.MAX_ADDRESS),
                point=point,
                label=reading.text(given, "label", places.MAX_LABEL),
                access_notes=reading.text(given, "access_notes", places.MAX_NOTES),
                access_s=reading.whole(given, "access_s", 0, places.MAX_ACCESS_S, 0) or 0,
            )
        )


def read_windows(raw: Mapping[str, Any], context: Reading) -> tuple[Window, ...]:
    """The windows sorted, overlapping and touching ones made one: service may begin in either, so nothing is lost.

    Refuses `task.windows_too_many` and what `read_window` refuses.
    """
    found = []
    for index, row in enumerate(reading.rows(raw, "windows", MAX_WINDOWS, "task.windows_too_many")):
        with inside(f"windows[{index}]"):
            found.append(read_window(reading.mapping(row, ""), context))
    merged: list[Window] = []
    for window in sorted(found):
        if merged and window.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return tuple(merged)


def read_window(raw: Mapping[str, Any], context: Reading) -> Window:
    """`{"start", "end"}`: instants with a zone, or local times with a `day` (else the order's) in the order's zone.

    Refuses `window.ends_before_start`, `window.in_dst_gap`, `window.day_missing`, `time.malformed`, `time.no_zone`.
    """
    ends = {}
    for name in ("start", "end"):
        given = raw.get(name)
        clock = reading.clock(given)
        if clock is None:
            ends[name] = read_instant(str(given or ""), field=name)
            continue
        day = reading.day(raw, "day") or context.day
        if day is None:
            raise Refusal(
                "window.day_missing", "a time of day without its day", remedy="give the order's day", field=name
            )
        ends[name] = local_instant(day, clock, _zone(raw, context), field=name)
    try:
        return Window(ends["start"], ends["end"])
    except Refusal as refusal:
        refusal.field = "end"
        raise


def _zone(raw: Mapping[str, Any], context: Reading) -> ZoneInfo:
    return read_zone(str(raw["zone"])) if raw.get("zone") else context.zone
