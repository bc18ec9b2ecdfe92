"""Decisions about the fleet: what may be stored, and which shifts a day has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.fleet.values import BreakData, ShiftRuleData, VehicleData
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import check_day, iso, read_loads
from homestretch.kernel.windows import Window

PROFILES = ("van", "truck", "bike", "foot")
MAX_SKILLS, MAX_SKILL, MAX_NAME, MAX_BREAKS = 20, 40, 120, 5
MAX_COST = 10_000_000
MAX_METADATA = 8000
LONGEST_BREAK_S = 4 * 3600
AHEAD_DAYS = 7  # for so many days, today among them, shifts are made ahead
NIGHT = time(3)  # when, in the organization's zone


class Rule(Protocol):
    """A stored shift rule, as far as a day asks."""

    @property
    def vehicle_id(self) -> UUID: ...
    @property
    def weekday(self) -> int | None: ...
    @property
    def day(self) -> date | None: ...
    @property
    def off(self) -> bool: ...


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Span:
    """A working span with its breaks as JSON: `[{"duration_s", "earliest", "latest"}]`, instants."""

    window: Window
    breaks: list[dict[str, Any]]


def check_name(name: str) -> str:
    """The trimmed name. Refuses `fleet.name_missing`, `fleet.name_too_long`."""
    name = name.strip()
    if not name:
        raise Refusal("fleet.name_missing", "a name is needed", remedy="give a name", field="name")
    if len(name) > MAX_NAME:
        raise Refusal("fleet.name_too_long", f"the name has {len(name)} characters", remedy="at most 120", field="name")
    return name


def check_skills(skills: Iterable[str]) -> list[str]:
    """Skills sorted, once each. Refuses `skill.invalid`."""
    found = sorted({skill.strip() for skill in skills})
    if len(found) > MAX_SKILLS or any(not skill or len(skill) > MAX_SKILL for skill in found):
        raise Refusal(
            "skill.invalid",
            "a skill is empty or too long, or there are too many",
            remedy=f"at most {MAX_SKILLS} skills of 1 to {MAX_SKILL} characters",
            field="skills",
        )
    return found


def check_vehicle(data: VehicleData) -> dict[str, Any]:
    """Columns of a vehicle. Refuses `vehicle.profile_unknown`, `vehicle.cost_invalid`, bad loads and skills."""
    if data.profile not in PROFILES:
        raise Refusal(
            "vehicle.profile_unknown",
            f"{data.profile!r} is no profile",
            remedy=f"one of {', '.join(PROFILES)}",
            field="profile",
        )
    costs = {name: getattr(data, name) for name in ("cost_fixed", "cost_per_hour", "cost_per_km")}
    for name, amount in costs.items():
        if not 0 <= amount <= MAX_COST:
            raise Refusal(
                "vehicle.cost_invalid", f"{name} is {amount}", remedy=f"0 to {MAX_COST} minor units", field=name
            )
    return {
        "plate": data.plate.strip()[:20],
        "profile": data.profile,
        "capacity": _capacity(data.capacity),
        "skills": check_skills(data.skills),
        **costs,
    }


def _capacity(raw: Mapping[str, int]) -> dict[str, int]:
    """As loads, but a zero stays: a vehicle that takes none of a dimension is not one without a limit."""
    read_loads(raw, field="capacity")
    return dict(raw)


def check_rule(data: ShiftRuleData) -> None:
    """Refuses `shift.when_unclear`, `shift.weekday_invalid`, `shift.empty`, `shift.limit_invalid`,
    `day.out_of_range`, bad breaks."""
    if (data.weekday is None) == (data.day is None):
        raise Refusal(
            "shift.when_unclear",
            "a rule is for a weekday or one day",
            remedy="give one of the two",
            field="weekday",
        )
    if data.day is not None:
        check_day(data.day)
    if data.weekday is not None and not 0 <= data.weekday <= 6:
        raise Refusal("shift.weekday_invalid", f"{data.weekday}", remedy="0 (Monday) to 6 (Sunday)", field="weekday")
    if data.off and data.day is None:
        raise Refusal("shift.when_unclear", "only one day can be off", remedy="delete the weekday's rule", field="off")
    if data.starts == data.ends:
        raise Refusal("shift.empty", "it ends when it starts", remedy="give another end", field="ends")
    check_limits(data.max_stops, data.max_distance_m)
    if len(data.breaks) > MAX_BREAKS:
        raise Refusal("shift.breaks_too_many", f"{len(data.breaks)}", remedy=f"at most {MAX_BREAKS}", field="breaks")
    for pause in data.breaks:
        _check_break(pause, data)


def check_limits(max_stops: int | None, max_distance_m: int | None) -> None:
    """Refuses `shift.limit_invalid`."""
    for name, value, most in (("max_stops", max_stops, 1000), ("max_distance_m", max_distance_m, 5_000_000)):
        if value is not None and not 1 <= value <= most:
            raise Refusal("shift.limit_invalid", f"{name} is {value}", remedy=f"1 to {most}, or none", field=name)


def _check_break(pause: BreakData, data: ShiftRuleData) -> None:
    start, end = _minutes(data.starts), _minutes(data.ends)
    span = (end - start) % 1440
    earliest, latest = ((_minutes(clock) - start) % 1440 for clock in (pause.earliest, pause.latest))
    if not 0 < pause.duration_s <= LONGEST_BREAK_S or not earliest <= latest <= span:
        raise Refusal(
            "shift.break_invalid",
            "the break does not lie in the shift, ends before it starts or lasts too long",
            remedy="earliest, then latest, both inside the shift; up to four hours",
            field="breaks",
        )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def rules_of_day(rules: Sequence[R], day: date) -> list[R]:
    """The rules that hold on a day: a vehicle's rules of that day replace those of the weekday; `off` gives none."""
    special = {rule.vehicle_id for rule in rules if rule.day == day}
    weekly = [r for r in rules if r.weekday == day.weekday() and r.vehicle_id not in special]
    return [rule for rule in [*weekly, *(r for r in rules if r.day == day)] if not rule.off]


def span_of(starts: time, ends: time, breaks: Sequence[Mapping[str, Any]], day: date, zone: ZoneInfo) -> Span:
    """The instants of a rule on a day. A wall time that the day skips is the moment the clocks go on."""
    start = _instant(day, starts, zone)
    end = _instant(day + timedelta(days=ends <= starts), ends, zone)
    placed = []
    for pause in breaks:
        bounds = {}
        for name in ("earliest", "latest"):
            clock = time.fromisoformat(pause[name])
            bounds[name] = iso(_instant(day + timedelta(days=clock < starts), clock, zone))
        placed.append({"duration_s": pause["duration_s"], **bounds})
    return Span(Window(start, end), placed)


def next_night(now: datetime, zone: ZoneInfo) -> datetime:
    """When shifts are made ahead next."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= NIGHT)
    return _instant(day, NIGHT, zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    naive = datetime.combine(day, clock)
    instant = naive.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)  # fold 1 reads a skipped time by the offset after it
    return _gap_end(before, instant, zone)


def _gap_end(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two at which the zone's offset changes, to the minute."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high.replace(second=0, microsecond=0)


def check_free(window: Window, others: Iterable[Window], code: str) -> None:
    """Refuses `code` where two spans of one vehicle or driver overlap; touching ends do not."""
    for other in others:
        if window.start < other.end and other.start < window.end:
            raise Refusal(
                code,
                f"another shift runs {iso(other.start)} to {iso(other.end)}",
                remedy="move or switch off one of the two",
                field="starts_at",
            )


def check_external(external_id: str | None) -> str | None:
    """The trimmed external id, none for an empty one. Refuses `fleet.external_id_too_long`."""
    external_id = (external_id or "").strip()
    if len(external_id) > MAX_NAME:
        raise Refusal("fleet.external_id_too_long", "too long", remedy="at most 120 characters", field="external_id")
    return external_id or None


def check_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Free metadata of at most 8,000 characters as JSON. Refuses `fleet.metadata_too_large`."""
    if len(json.dumps(metadata, default=str)) > MAX_METADATA:
        raise Refusal("fleet.metadata_too_large", "too much", remedy="at most 8,000 characters", field="metadata")
    return dict(metadata)
