"""Judging a plan for a rich file: vehicles told apart, several trips, releases, prizes, backhauls, groups.

As `homestretch.planner.formats.judge`, straight from the file's numbers: every halt is driven to, one by one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from homestretch.planner.formats.instance import Instance, Vehicle
from homestretch.planner.formats.text import Number
from homestretch.planner.formats.verdict import TOLERANCE, Finding, Verdict, leg, time_of
from homestretch.planner.problem import Plan, Route


@dataclass(frozen=True, slots=True)
class Halt:
    """Service begins at `place` within [ready, due] and takes `service`; at a depot, setting off in that span."""

    place: int
    ready: Number
    due: Number
    service: Number = 0


def is_rich(instance: Instance) -> bool:
    """Whether the file has more than one depot's equal vehicles and customers that are all served."""
    more = (instance.fleet, instance.collect, instance.release, instance.prizes)
    return any(part is not None for part in more) or bool(instance.groups)


def judge_rich(instance: Instance, convention: str, plan: Plan) -> Verdict:
    """The plan's routes name their vehicles by number from 1; what is left out costs its prize."""
    routes = [route for route in plan.routes if route.visits]
    position = {str(ident): place for place, ident in enumerate(instance.ids)}
    findings = _served(instance, [visit for route in routes for visit in route.visits])
    findings += _fleet(instance, routes)
    cost = _left_out(instance, convention, {visit for route in routes for visit in route.visits})
    for number, route in enumerate(routes, 1):
        vehicle = _vehicle(instance, route.shift)
        trips = [[position[visit] for visit in trip if visit in position] for trip in route.trips()]
        found, driven = _driven(instance, convention, vehicle, [trip for trip in trips if trip])
        findings += [Finding(code, cause, number) for code, cause in found]
        cost += time_of(vehicle.fixed, convention) + vehicle.rate * driven
    return Verdict(tuple(findings), round(1000 * cost) if convention == "sintef" else int(cost), len(routes))


def _served(instance: Instance, served: Sequence[str]) -> list[Finding]:
    """Every customer once, but who has a prize at most once, and of each group exactly one."""
    times = Counter(served)
    names = [str(ident) for ident in instance.ids]
    customers = set(names[instance.depots :])
    grouped = {names[place] for group in instance.groups for place in group}
    optional = {name for name, prize in zip(names, instance.prizes or (), strict=False) if prize}
    findings = [Finding("unknown", f"{visit} is no customer", visit=visit) for visit in times if visit not in customers]
    findings += [Finding("twice", f"{visit} is visited {n} times", visit=visit) for visit, n in times.items() if n > 1]
    missing = sorted(customers - set(times) - grouped - optional, key=int)
    findings += [Finding("missing", f"{visit} is not visited", visit=visit) for visit in missing]
    for group in instance.groups:
        chosen = [names[place] for place in group if names[place] in times]
        if len(chosen) != 1:
            findings.append(Finding("group", f"{len(chosen)} of {[names[place] for place in group]} are visited"))
    return findings


def _fleet(instance: Instance, routes: Sequence[Route]) -> list[Finding]:
    if instance.fleet is None:
        over = instance.vehicles is not None and len(routes) > instance.vehicles
        return [Finding("fleet", f"{len(routes)} routes for {instance.vehicles} vehicles")] if over else []
    known = {str(number) for number in range(1, len(instance.fleet) + 1)}
    driving = Counter(route.shift for route in routes)
    return [
        Finding("fleet", f"{n} routes of vehicle {shift}")
        for shift, n in driving.items()
        if n > 1 or shift not in known
    ]


def _vehicle(instance: Instance, shift: str) -> Vehicle:
    """The vehicle of a route; for one that does not exist, which is a finding, the first."""
    if instance.fleet is None:
        return Vehicle(capacity=instance.capacity, max_duration=instance.max_duration)
    number = int(shift) if shift.isdecimal() else 0
    return instance.fleet[number - 1 if 1 <= number <= len(instance.fleet) else 0]


def _left_out(instance: Instance, convention: str, served: set[str]) -> Number:
    """The prizes that are not collected."""
    prizes = zip(instance.ids, instance.prizes or (), strict=False)
    return sum(time_of(prize, convention) for ident, prize in prizes if prize and str(ident) not in served)


def _driven(
    instance: Instance, convention: str, vehicle: Vehicle, trips: list[list[int]]
) -> tuple[list[tuple[str, str]], Number]:
    """(findings as code and cause, distance) of one vehicle's trips."""
    halts = _halts(instance, convention, vehicle, trips)
    legs = [leg(instance, convention, a.place, b.place) for a, b in pairwise(halts)]
    found = [finding for trip in trips for finding in _trip(instance, vehicle, trip)]
    most = 0 if not vehicle.reloads else len(trips) if vehicle.max_reloads is None else vehicle.max_reloads
    if len(trips) - 1 > most:
        found.append(("trips", f"{len(trips)} trips"))
    if vehicle.max_distance is not None and sum(legs) > time_of(vehicle.max_distance, convention):
        found.append(("distance", f"{sum(legs)} driven"))
    return found + _times(instance, convention, vehicle, halts, legs), sum(legs)


def _halts(instance: Instance, convention: str, vehicle: Vehicle, trips: list[list[int]]) -> list[Halt]:
    """Depot, visits, reload, visits, ..., depot. No trip sets off before what it carries is released."""
    forever = float("inf")
    release = instance.release or (0,) * len(instance)

    def span(place: int) -> tuple[Number, Number]:
        if instance.windows is None:
            return 0, forever
        ready, due = instance.windows[place]
        return time_of(ready, convention), time_of(due, convention)

    halts = []
    for number, trip in enumerate(trips):
        depot = vehicle.reloads[0] if number and vehicle.reloads else vehicle.depot
        opens, closes = span(depot)
        released = (time_of(release[place], convention) for place in trip)
        halts.append(Halt(depot, max(opens, *released), closes))
        halts += [Halt(place, *span(place), time_of(instance.service[place], convention)) for place in trip]
    return [*halts, Halt(vehicle.depot, *span(vehicle.depot))]


def _trip(instance: Instance, vehicle: Vehicle, trip: list[int]) -> list[tuple[str, str]]:
    """Loads on board along one trip, whom the vehicle may serve, and backhauls behind all deliveries."""
    found = [("access", f"{instance.ids[place]} may not be served") for place in trip if place in vehicle.barred]
    collect = instance.collect or (0,) * len(instance)
    on_board = most = sum(instance.demand[place] for place in trip)
    for place in trip:
        on_board += collect[place] - instance.demand[place]
        most = max(most, on_board)
    if vehicle.capacity is not None and most > vehicle.capacity:
        found.append(("capacity", f"{most} on board, {vehicle.capacity} allowed"))
    if instance.backhauls_last:
        back = [bool(collect[place]) for place in trip]
        if back != sorted(back) or (back and back[0]):
            found.append(("backhaul", "a backhaul is first, or before a delivery"))
    return found


def _times(
    instance: Instance, convention: str, vehicle: Vehicle, halts: list[Halt], legs: list[Number]
) -> list[tuple[str, str]]:
    """Windows on the way out; then backwards, how late it could have set off to be back as early: that is how long."""
    slip = TOLERANCE if convention == "sintef" else 0
    found = []
    now: Number = halts[0].ready
    for before, halt, seconds in zip(halts, halts[1:], legs, strict=False):
        now += before.service + seconds
        if now > halt.due + slip:
            found.append(("window", f"{instance.ids[halt.place]} is reached at {now}, after {halt.due}"))
        now = max(now, halt.ready)
    latest = now
    for halt, seconds in zip(reversed(halts[:-1]), reversed(legs), strict=True):
        latest = min(latest - seconds - halt.service, halt.due)
    if vehicle.max_duration is not None and not found:
        longest = time_of(vehicle.max_duration, convention)
        if now - latest > longest + slip:
            found.append(("duration", f"{now - latest} from departure to return, {longest} allowed"))
    return found
