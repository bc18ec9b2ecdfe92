"""Judging a plan for a benchmark file, straight from the file's numbers.

It shares nothing with an engine, nor with the matrices and the problem that an engine is given: legs are computed one
by one as they are driven, in the arithmetic of the convention.
"""

from collections import Counter
from collections.abc import Sequence

from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.rich import is_rich, judge_rich
from homestretch.planner.formats.text import Number
from homestretch.planner.formats.verdict import TOLERANCE, Finding, Verdict, leg, time_of
from homestretch.planner.problem import Plan


def judge(instance: Instance, convention: str, plan: Plan) -> Verdict:
    """Every customer once, capacity, windows, longest route, fleet, pairs; and what the plan costs."""
    if is_rich(instance):
        return judge_rich(instance, convention, plan)
    routes = [route.visits for route in plan.routes if route.visits]
    findings = _once(instance, routes, plan.unassigned)
    position = {str(ident): place for place, ident in enumerate(instance.ids)}
    driven: Number = 0
    for number, visits in enumerate(routes, 1):
        places = [position[visit] for visit in visits if visit in position]
        driven += sum(leg(instance, convention, a, b) for a, b in zip([0, *places], [*places, 0], strict=True))
        findings += _loads(instance, number, places) + _times(instance, convention, number, places)
    findings += _pairs(instance, [[position.get(visit, 0) for visit in visits] for visits in routes])
    if instance.vehicles is not None and len(routes) > instance.vehicles:
        findings.append(Finding("fleet", f"{len(routes)} routes for {instance.vehicles} vehicles"))
    return Verdict(tuple(findings), round(1000 * driven) if convention == "sintef" else int(driven), len(routes))


def _once(instance: Instance, routes: Sequence[Sequence[str]], unassigned: Sequence[str]) -> list[Finding]:
    customers = {str(ident) for ident in instance.ids[1:]}
    served = Counter(visit for visits in routes for visit in visits)
    findings = [Finding("unassigned", f"{visit} is left out", visit=visit) for visit in unassigned]
    for visit, times in served.items():
        if visit not in customers:
            findings.append(Finding("unknown", f"{visit} is no customer", visit=visit))
        elif times > 1:
            findings.append(Finding("twice", f"{visit} is visited {times} times", visit=visit))
    missing = sorted(customers - set(served) - set(unassigned), key=int)
    return findings + [Finding("missing", f"{visit} is not visited", visit=visit) for visit in missing]


def _loads(instance: Instance, route: int, places: Sequence[int]) -> list[Finding]:
    """Deliveries ride from the depot; with pairs, goods are on board from pickup to delivery."""
    if instance.capacity is None:
        return []
    on_board = 0 if instance.pairs else sum(instance.demand[place] for place in places)
    most = on_board
    if instance.pairs:
        for place in places:
            on_board += instance.demand[place]
            most = max(most, on_board)
    if most <= instance.capacity:
        return []
    return [Finding("capacity", f"{most} on board, {instance.capacity} allowed", route)]


def _times(instance: Instance, convention: str, route: int, places: Sequence[int]) -> list[Finding]:
    findings = []
    slip = TOLERANCE if convention == "sintef" else 0
    busy: Number = 0
    now: Number = 0 if instance.windows is None else time_of(instance.windows[0][0], convention)
    for before, place in zip([0, *places], [*places, 0], strict=True):
        driven = leg(instance, convention, before, place)
        now += driven
        busy += driven
        if instance.windows is not None:
            ready, due = (time_of(value, convention) for value in instance.windows[place])
            if now > due + slip:
                ident = str(instance.ids[place])
                findings.append(Finding("window", f"{ident} is reached at {now}, after {due}", route, ident))
            now = max(now, ready)
        service = time_of(instance.service[place], convention) if place else 0
        now += service
        busy += service
    if instance.max_duration is not None and busy > time_of(instance.max_duration, convention) + slip:
        findings.append(Finding("duration", f"{busy} of driving and service", route))
    return findings


def _pairs(instance: Instance, routes: Sequence[Sequence[int]]) -> list[Finding]:
    where = {place: (route, stop) for route, places in enumerate(routes, 1) for stop, place in enumerate(places)}
    findings = []
    for collect, deliver in instance.pairs:
        a, b = where.get(collect), where.get(deliver)
        if (a is None) != (b is None) or (a and b and (a[0] != b[0] or a[1] > b[1])):
            ident = str(instance.ids[deliver])
            cause = f"{ident} is not delivered on the route of its pickup {instance.ids[collect]}, or before it"
            findings.append(Finding("pair", cause, b[0] if b else None, ident))
    return findings
