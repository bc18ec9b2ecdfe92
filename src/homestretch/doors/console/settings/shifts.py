"""Shifts by weekday: which vehicle works when, driven by whom; and the shifts that the next days have by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from homestretch.doors.console.settings.forms import Field, Form, options
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.events.scope import scope
from homestretch.fleet import actions, queries
from homestretch.fleet.rules import AHEAD_DAYS
from homestretch.fleet.values import BreakData, ShiftChange, ShiftRuleData
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import READ, WRITE

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _show(look: Look) -> Shown:
    kind, _, ident = look.subject.partition("/")
    if kind == "rule":
        return _rule(look, queries.shift_rule(ident_of("shift_rule", ident)))
    if kind:
        return _shift(look, queries.shift(ident_of("shift", ident)))
    rules = list(queries.shift_rules().select_related("vehicle", "driver").order_by("vehicle__name", "starts", "id"))
    today = look.at.astimezone(look.zone).date()
    ahead = queries.shifts().filter(day__range=(today, today + timedelta(days=AHEAD_DAYS)))
    days = [rule for rule in rules if rule.day is not None and rule.day >= today]
    context = {
        "weekdays": WEEKDAYS,
        "pattern": _pattern([rule for rule in rules if rule.weekday is not None]),
        "days": sorted(days, key=lambda rule: rule.day),
        "shifts": list(ahead.order_by("starts_at", "id")),
        "ahead": AHEAD_DAYS,
        "open": look.form("open", button=f"Make the shifts of the next {AHEAD_DAYS} days now", quiet=True),
        "add": _add_form(look),
    }
    return "shifts", context


def _pattern(rules: list[Any]) -> list[tuple[Any, list[list[Any]]]]:
    """A row a vehicle, a cell a weekday."""
    by_vehicle: dict[Any, list[list[Any]]] = {}
    for rule in rules:
        by_vehicle.setdefault(rule.vehicle, [[] for _ in WEEKDAYS])[rule.weekday].append(rule)
    return list(by_vehicle.items())


def _add_form(look: Look) -> Form:
    days = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
    vehicles = options(queries.vehicles().filter(active=True).order_by("name"))
    return look.form(
        "add",
        Field("vehicle_id", "Vehicle", kind="select", options=vehicles),
        Field("weekday", "On", kind="checks", options=days, values=("0", "1", "2", "3", "4"), wide=True),
        Field(
            "day", "or on one day alone", kind="date", hint="That day then has this instead of its weekday's shifts."
        ),
        Field("off", "That day the vehicle does not work", kind="check"),
        *_span(None),
        title="Add shifts",
        button="Add",
    )


def _span(rule: Any) -> tuple[Field, ...]:
    drivers = options(queries.drivers().filter(active=True).order_by("name"), none="named later")
    pause = rule.breaks[0] if rule and rule.breaks else None
    return (
        Field("driver_id", "Driver", kind="select", options=drivers, value=(rule.driver_id or "") if rule else ""),
        Field("starts", "From", kind="time", value=rule.starts if rule else "08:00", needed=True),
        Field(
            "ends",
            "to",
            kind="time",
            value=rule.ends if rule else "17:00",
            needed=True,
            hint="Not after the start: next day.",
        ),
        Field(
            "pause",
            "Break, minutes",
            kind="number",
            value=pause["duration_s"] // 60 if pause else "",
            least=1,
            most=240,
        ),
        Field("earliest", "begins between", kind="time", value=pause["earliest"] if pause else ""),
        Field("latest", "and", kind="time", value=pause["latest"] if pause else ""),
        Field("max_stops", "Stops at most", kind="number", value=rule.max_stops if rule else "", least=1, most=1000),
        Field(
            "max_km",
            "Kilometers at most",
            kind="number",
            value=rule.max_distance_m // 1000 if rule and rule.max_distance_m else "",
            least=1,
            most=5000,
        ),
    )


def _rule(look: Look, rule: Any) -> Shown:
    form = look.form("change", Field("version", kind="hidden", value=rule.version), *_span(rule))
    remove = look.form(
        "remove-rule",
        Field("version", kind="hidden", value=rule.version),
        button="Remove these shifts",
        danger=True,
        quiet=True,
        note="Shifts that were made for a day already stay.",
    )
    when = WEEKDAYS[rule.weekday] if rule.weekday is not None else f"{rule.day:%a %d %b %Y}"
    return "one-form", {"form": form, "more": [remove], "title": f"{rule.vehicle.name}, {when}"}


def _shift(look: Look, row: Any) -> Shown:
    drivers = options(queries.drivers().filter(active=True).order_by("name"), none="nobody yet")
    zone = look.zone
    change = look.form(
        "shift",
        Field("version", kind="hidden", value=row.version),
        Field(
            "starts_at",
            "From",
            kind="datetime-local",
            value=f"{row.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            needed=True,
        ),
        Field(
            "ends_at", "to", kind="datetime-local", value=f"{row.ends_at.astimezone(zone):%Y-%m-%dT%H:%M}", needed=True
        ),
        Field("off", "Does not work that day", kind="check", value=row.off),
    )
    driver = look.form(
        "driver",
        Field("version", kind="hidden", value=row.version),
        Field("driver_id", "Driver", kind="select", options=drivers, value=row.driver_id or ""),
        button="Name the driver",
    )
    return "one-form", {"form": driver, "more": [change], "title": f"{row.vehicle.name}, {row.day:%a %d %b %Y}"}


def _data(act: Act, **when: Any) -> ShiftRuleData:
    given = act.given
    minutes, km = given.whole("pause"), given.whole("max_km")
    breaks = (BreakData(minutes * 60, given.clock("earliest"), given.clock("latest")),) if minutes else ()
    return ShiftRuleData(
        starts=given.clock("starts"),
        ends=given.clock("ends"),
        driver_id=given.maybe_ident("driver_id"),
        breaks=breaks,
        max_stops=given.whole("max_stops"),
        max_distance_m=km * 1000 if km else None,
        **when,
    )


def _add(act: Act) -> None:
    """One rule for each weekday that was ticked, or one for one day."""
    given, vehicle = act.given, act.given.ident("vehicle_id")
    if given.text("day"):
        data = _data(act, vehicle_id=vehicle, day=given.day("day"), off=given.ticked("off"))
        actions.save_shift_rule(data, by=act.by, at=act.at, once=act.once)
        return
    weekdays = sorted({int(number) for number in given.all("weekday") if number in "0123456"})
    if not weekdays:
        raise Refusal("shift.when_unclear", "no weekday was ticked", remedy="tick one, or give a day", field="weekday")
    actions.save_shift_rules(
        [_data(act, vehicle_id=vehicle, weekday=n) for n in weekdays], by=act.by, at=act.at, once=act.once
    )


def _change(act: Act) -> None:
    rule = _read(act)
    data = _data(act, vehicle_id=rule.vehicle_id, weekday=rule.weekday, day=rule.day, off=rule.off)
    version = act.given.whole("version")
    actions.save_shift_rule(data, ident=rule.id, version=version, by=act.by, at=act.at, once=act.once)


def _read(act: Act) -> Any:
    with scope(act.by):
        return queries.shift_rule(ident_of("shift_rule", act.subject.partition("/")[2]))


def _remove(act: Act) -> None:
    ident, version = ident_of("shift_rule", act.subject.partition("/")[2]), act.given.whole("version")
    actions.remove_shift_rule(ident, version=version, by=act.by, at=act.at, once=act.once)


def _open(act: Act) -> None:
    actions.open_ahead(by=act.by, at=act.at, once=act.once)


def _change_shift(act: Act) -> None:
    given, ident = act.given, ident_of("shift", act.subject.partition("/")[2])
    starts, ends = (given.moment(name, act.zone) for name in ("starts_at", "ends_at"))
    change = ShiftChange(starts_at=starts, ends_at=ends, off=given.ticked("off"))
    actions.change_shift(ident, change, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _driver(act: Act) -> None:
    given, ident = act.given, ident_of("shift", act.subject.partition("/")[2])
    driver, version = given.maybe_ident("driver_id"), given.whole("version")
    actions.name_driver(ident, driver, version=version, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "shifts",
    "Shifts",
    READ("fleet"),
    WRITE("fleet"),
    _show,
    {
        "add": _add,
        "change": _change,
        "remove-rule": _remove,
        "open": _open,
        "shift": _change_shift,
        "driver": _driver,
    },
    {
        "add": "Added.",
        "change": "Changed: days whose shifts were not made yet have it so.",
        "remove-rule": "Removed.",
        "open": "The shifts of the next days are made.",
        "shift": "Changed.",
        "driver": "The driver is named.",
    },
)
