"""What binds visits to shifts, to places on a route, and to each other, over the whole plan."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from homestretch.planner.check.breach import Breach
from homestretch.planner.problem import Group, Plan, Problem, Relation, Route, Shift

At = Mapping[str, tuple[str, int, int]]  # visit -> (shift, position, trip)


def judge_bonds(problem: Problem, plan: Plan) -> Iterator[Breach]:
    """Every breach of locks, groups and relations."""
    at: dict[str, tuple[str, int, int]] = {}
    for route in plan.routes:
        for number, name in enumerate(route.visits):
            at[name] = (route.shift, number, sum(cut <= number for cut in route.reloads))
    yield from _locks(problem, at)
    for group in problem.groups:
        yield from _group(group, at)
    for relation in problem.relations:
        yield from RELATIONS[relation.kind](relation, at)


def judge_able(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """Who may serve: skills, crew, forbidden pairs."""
    for name in route.visits:
        visit = problem.visit[name]
        lacking = sorted(visit.skills - shift.skills)
        if lacking:
            yield Breach("skill", shift.id, name, len(lacking), f"The shift lacks: {', '.join(lacking)}.")
        if visit.crew > shift.crew:
            text = f"It takes {visit.crew} persons, the crew is {shift.crew}."
            yield Breach("crew", shift.id, name, visit.crew - shift.crew, text)
        if shift.id in visit.barred:
            yield Breach("barred", shift.id, name, 0, "This shift must not serve it.")


def judge_pairs(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """Both ends on the route, in their order, on one trip."""
    at = {visit: number for number, visit in enumerate(route.visits)}
    for pair in problem.pairs:
        taken, given = at.get(pair.collect), at.get(pair.deliver)
        if taken is None and given is not None:
            yield Breach("pair", shift.id, pair.deliver, 0, f"{pair.collect} must be on this route, before it.")
        elif given is None and taken is not None:
            yield Breach("pair", shift.id, pair.collect, 0, f"{pair.deliver} must be on this route, after it.")
        elif given is not None and taken is not None and given < taken:
            yield Breach("pair", shift.id, pair.deliver, taken - given, f"It comes before {pair.collect}.")
        elif given is not None and taken is not None and any(taken < cut <= given for cut in route.reloads):
            yield Breach("pair", shift.id, pair.deliver, 0, f"It is on another trip than {pair.collect}.")


def _locks(problem: Problem, at: At) -> Iterator[Breach]:
    for lock in problem.locks:
        shift, position, _ = at.get(lock.visit, ("", -1, 0))
        if position < 0:
            yield Breach("lock", lock.shift or "", lock.visit, 0, "It is locked, and on no route.")
        elif lock.shift is not None and shift != lock.shift:
            yield Breach("lock", shift, lock.visit, 0, f"It is locked to shift {lock.shift}.")
        elif lock.position is not None and position != lock.position:
            amount = abs(position - lock.position)
            yield Breach("lock", shift, lock.visit, amount, f"It is locked to position {lock.position}.")


def _group(group: Group, at: At) -> Iterator[Breach]:
    served = [name for name in group.visits if name in at]
    if len(served) > 1:
        yield Breach("group", at[served[1]][0], served[1], len(served) - 1, f"{served[0]} is served in its place.")
    if not served and group.prize is None and group.visits:
        text = f"One of {', '.join(group.visits)} must be served."
        yield Breach("group_required", "", group.visits[0], 0, text)


def _together(relation: Relation, at: At) -> Iterator[Breach]:
    served = [name for name in relation.visits if name in at]
    for name in served[1:]:
        if at[name][0] != at[served[0]][0]:
            text = f"It must be on one shift with {served[0]}."
            yield Breach(relation.kind, at[name][0], name, 0, text)


def _in_order(relation: Relation, at: At) -> Iterator[Breach]:
    yield from _together(relation, at)
    served = [name for name in relation.visits if name in at]
    for before, after in pairwise(served):
        if at[before][0] == at[after][0] and at[before][1] > at[after][1]:
            amount = at[before][1] - at[after][1]
            yield Breach(relation.kind, at[after][0], after, amount, f"It must come after {before}.")


def _adjacent(relation: Relation, at: At) -> Iterator[Breach]:
    served = [name for name in relation.visits if name in at]
    if served and len(served) < len(relation.visits):
        absent = next(name for name in relation.visits if name not in at)
        yield Breach(relation.kind, at[served[0]][0], absent, 0, f"It must be served if {served[0]} is.")
    for before, after in pairwise(relation.visits):
        if before in at and after in at:
            shift, position, trip = at[before]
            if at[after] != (shift, position + 1, trip):
                yield Breach(
                    relation.kind, at[after][0], after, 0, f"It must come directly after {before}, on its trip."
                )


RELATIONS = {"together": _together, "in_order": _in_order, "adjacent": _adjacent}
