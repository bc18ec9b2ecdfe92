"""The verbs of shifts: rules for weekdays and days, and the shifts that a day has by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.fleet import rules
from homestretch.fleet.events import ShiftChanged
from homestretch.fleet.models import Depot, Driver, Shift, ShiftRule, Vehicle
from homestretch.fleet.values import ShiftChange, ShiftRuleData
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.kernel.units import check_day
from homestretch.kernel.windows import Window

AHEAD_JOB = "fleet.open_ahead"


@action
def save_shift_rule(
    data: ShiftRuleData,
    *,
    ident: UUID | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> ShiftRule:
    """Make a rule, or replace the one of `ident`; shifts that are open already stay. Refuses what `check_rule` refuses,
    `shift.rules_overlap` for two of one vehicle at the same time, and missing vehicles, drivers and depots."""
    rules.check_rule(data)
    _demand(Vehicle, data.vehicle_id)
    _demand(Driver, data.driver_id)
    _demand(Depot, data.end_depot_id)
    rule = _rule(ident, version) if ident else ShiftRule()
    _check_overlap(data, rule)
    for name in ("vehicle_id", "driver_id", "weekday", "day", "starts", "ends", "end_depot_id", "max_stops"):
        setattr(rule, name, getattr(data, name))
    rule.max_distance_m, rule.off, rule.active = data.max_distance_m, data.off, data.active
    rule.breaks = [
        {"duration_s": p.duration_s, "earliest": f"{p.earliest:%H:%M}", "latest": f"{p.latest:%H:%M}"}
        for p in data.breaks
    ]
    rule.version += 1 if ident else 0
    rule.save(force_insert=ident is None)
    ask_ahead(at)
    return rule


@action
def save_shift_rules(given: Sequence[ShiftRuleData], *, by: Actor, at: datetime) -> list[ShiftRule]:
    """Make several rules, all or none: a vehicle's week. Refuses as `save_shift_rule`."""
    return [save_shift_rule(data, by=by, at=at) for data in given]


@action
def open_ahead(*, by: Actor, at: datetime) -> list[Shift]:
    """Make the shifts of the next days by their rules, and see to it that this is done again each night. Returns the
    shifts of these days."""
    first = at.astimezone(ZoneInfo(accounts.organization().zone)).date()
    made = [open_day(first + timedelta(days=number), by=by, at=at) for number in range(rules.AHEAD_DAYS)]
    ask_ahead(at)
    return [shift for shifts in made for shift in shifts]


def ask_ahead(at: datetime) -> None:
    """Have shifts made ahead tonight, in the open transaction; asked again it is still once."""
    organization = accounts.organization()
    night = rules.next_night(at, ZoneInfo(organization.zone))
    later(AHEAD_JOB, organization.id, at=night, key="ahead")


@action
def remove_shift_rule(rule_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> None:
    """End a rule: days that are not open yet do without it."""
    rule = _rule(rule_id, version)
    rule.active = False
    rule.version += 1
    rule.save()


def _rule(rule_id: UUID, version: int | None) -> ShiftRule:
    rule = ShiftRule.objects.select_for_update().filter(id=rule_id).first()
    if rule is None:
        raise not_found("shift_rule", rule_id)
    check_version("shift_rule", version, rule.version)
    return rule


def _demand(model: type[Vehicle] | type[Driver] | type[Depot], ident: UUID | None) -> None:
    if ident is not None and not model.objects.filter(id=ident).exists():
        raise not_found(model.__name__.lower(), ident)


def _check_overlap(data: ShiftRuleData, rule: ShiftRule) -> None:
    """Two rules of one vehicle for the same weekday or day must not share a minute."""
    if data.off or not data.active:
        return
    day, utc = data.day or date(2001, 1, 1), ZoneInfo("UTC")
    same = ShiftRule.objects.filter(
        vehicle_id=data.vehicle_id, weekday=data.weekday, day=data.day, off=False, active=True
    )
    others = [rules.span_of(r.starts, r.ends, (), day, utc).window for r in same.exclude(id=rule.id)]
    rules.check_free(rules.span_of(data.starts, data.ends, (), day, utc).window, others, "shift.rules_overlap")


@action
def open_day(day: date, *, by: Actor, at: datetime) -> list[Shift]:
    """Make the shifts of a day by its rules; those that are there stay as they are. Returns the day's shifts.

    Refuses `day.out_of_range`.
    """
    check_day(day)
    active = ShiftRule.objects.filter(active=True, vehicle__active=True).select_related("vehicle__depot", "driver")
    made = {shift.rule_id: shift for shift in Shift.objects.filter(day=day)}
    wanted = [_shift(rule, day) for rule in rules.rules_of_day(list(active), day) if rule.id not in made]
    Shift.objects.bulk_create(wanted, ignore_conflicts=True)
    there = set(Shift.objects.filter(id__in=[s.id for s in wanted]).values_list("id", flat=True))
    for shift in wanted:
        if shift.id in there:  # another transaction may have been first
            record(ShiftChanged(shift.id, ("opened",)), by=by, at=at)
    return list(Shift.objects.filter(day=day).order_by("starts_at", "id"))


def _shift(rule: ShiftRule, day: date) -> Shift:
    depot = rule.vehicle.depot
    span = rules.span_of(rule.starts, rule.ends, rule.breaks, day, ZoneInfo(depot.zone))
    driver_id = rule.driver_id if rule.driver and rule.driver.active else None
    return Shift(
        day=day,
        rule=rule,
        vehicle=rule.vehicle,
        driver_id=driver_id,
        starts_at=span.window.start,
        ends_at=span.window.end,
        start_depot=depot,
        end_depot_id=rule.end_depot_id or depot.id,
        breaks=span.breaks,
        max_stops=rule.max_stops,
        max_distance_m=rule.max_distance_m,
    )


@action
def change_shift(shift_id: UUID, change: ShiftChange, *, version: int | None = None, by: Actor, at: datetime) -> Shift:
    """Change one day's shift. Refuses `shift.stale`, `shift.vehicle_busy`, `window.ends_before_start`."""
    shift = _locked(shift_id)
    check_version("shift", version, shift.version)
    rules.check_limits(change.max_stops, change.max_distance_m)
    _demand(Depot, change.end_depot_id)
    changed = []
    for name in ("starts_at", "ends_at", "end_depot_id", "max_stops", "max_distance_m", "off"):
        value = getattr(change, name)
        if value is not None and value != getattr(shift, name):
            setattr(shift, name, value)
            changed.append(name)
    span = Window(shift.starts_at, shift.ends_at)
    if not shift.off:
        rules.check_free(span, _others(shift, vehicle_id=shift.vehicle_id), "shift.vehicle_busy")
    if changed:
        _store(shift, changed, by, at)
    return shift


@action
def name_driver(
    shift_id: UUID, driver_id: UUID | None, *, version: int | None = None, by: Actor, at: datetime
) -> Shift:
    """Say who drives, or that nobody does yet. Refuses `shift.driver_busy` in another shift at that time."""
    shift = _locked(shift_id)
    check_version("shift", version, shift.version)
    if driver_id is not None:
        driver = Driver.objects.select_for_update().filter(id=driver_id).first()
        if driver is None:
            raise not_found("driver", driver_id)
        if not driver.active:
            raise Refusal(
                "shift.driver_inactive", "this driver no longer drives", remedy="name another", field="driver_id"
            )
        span = Window(shift.starts_at, shift.ends_at)
        rules.check_free(span, _others(shift, driver_id=driver_id), "shift.driver_busy")
    if shift.driver_id != driver_id:
        shift.driver_id = driver_id
        _store(shift, ["driver_id"], by, at)
    return shift


def _others(shift: Shift, **of: UUID) -> list[Window]:
    rows = Shift.objects.filter(off=False, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at, **of)
    return [Window(row.starts_at, row.ends_at) for row in rows.exclude(id=shift.id)]


def _locked(shift_id: UUID) -> Shift:
    shift = Shift.objects.select_for_update().filter(id=shift_id).first()
    if shift is None:
        raise not_found("shift", shift_id)
    return shift


def _store(shift: Shift, changed: list[str], by: Actor, at: datetime) -> None:
    shift.version += 1
    shift.save()
    record(ShiftChanged(shift.id, tuple(sorted(changed))), by=by, at=at)
