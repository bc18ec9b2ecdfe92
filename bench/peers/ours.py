"""Homestretch itself, by its public library and nothing else."""

from __future__ import annotations

from bench.instances import Case
from bench.judged import cost
from bench.peers import Answer, Budget, Tour
from homestretch.planner import Plan, Progress, Seconds, solve
from homestretch.planner.formats.conventions import to_problem


def run(case: Case, budget: Budget, seed: int) -> Answer:
    """`solve` with the default settings; every better plan on the way is kept, and judged after the time is up."""
    problem = to_problem(case.instance, case.convention)
    seen: list[tuple[float, Plan]] = []

    def watch(progress: Progress) -> None:
        seen.append((budget.used(), progress.plan))

    more = {"threads": budget.threads} if budget.threads > 1 else {}
    until = Seconds(budget.seconds, threads=budget.threads, since=budget.begun)
    plan = solve(problem, seed=seed, until=until, watch=watch, **more)

    def trace() -> list[tuple[float, int]]:
        return [(used, cost(case, tours(case, better))) for used, better in _thinned(seen)]

    return Answer(tours(case, plan), trace)


def tours(case: Case, plan: Plan) -> tuple[Tour, ...]:
    """Our routes as positions of nodes; ids of shifts are the numbers of vehicles."""
    position = {str(ident): place for place, ident in enumerate(case.instance.ids)}
    return tuple(
        Tour(int(route.shift), tuple(tuple(position[visit] for visit in trip) for trip in route.trips()))
        for route in plan.routes
        if route.visits
    )


def _thinned(seen: list[tuple[float, Plan]]) -> list[tuple[float, Plan]]:
    """At most one in 2 % of the time, the last of each."""
    kept: list[tuple[float, Plan]] = []
    for used, plan in seen:
        if len(kept) > 1 and used < kept[-2][0] * 1.02:
            kept.pop()
        kept.append((used, plan))
    return kept
