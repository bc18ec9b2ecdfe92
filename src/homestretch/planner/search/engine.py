"""The search: the core (`search/`) is asked for a round of steps at a time, until the stopping rule has enough.

The core keeps every rule of its model, and `settled` takes off a route what `check` still finds wrong with it.
"""

import numpy as np

from homestretch.planner import _search
from homestretch.planner.cost import plan_rank
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.search.bonds import divisible
from homestretch.planner.search.crossing import crossed
from homestretch.planner.search.keeping import beginning, hottest
from homestretch.planner.search.model import WHOLE, Model
from homestretch.planner.search.pieces import ROUND, Routes, tuning_of
from homestretch.planner.search.settle import settled
from homestretch.planner.search.spread import Spread, Workers
from homestretch.planner.search.telling import Teller
from homestretch.planner.stopping import Until, Watch, share_of
from homestretch.planner.terms import fewest_shifts, refuse_unsupported, without_past

FIRST_CYCLE = (
    64  # rounds of the first cooling where nothing says how long the search will be; each next has twice as many
)
MEASURED = 0.01  # of the time, after which the steps that there will be are reckoned
TO_CROSS = 1000  # steps a visit from which on several plans are crossed; with fewer, one plan is better cooled alone
PLANS, APART = 3, 0.6  # plans to cross, and the share of the time that goes to them before
A_CROSSING, MILD = 0.05, 0.7  # share of the time for each crossing, and the progress of cooling that it begins at
REDUCING = 0.5  # of a search with vehicles first, at most, goes to finding fewer of them


def solve(
    problem: Problem,
    *,
    seed: int,
    until: Until,
    start: Plan | None = None,
    watch: Watch | None = None,
    threads: int | Workers = 1,
) -> Plan:
    """The best plan found until `until()` says stop; with `start` never a worse one than that, if it can be driven.

    The plan breaches nothing, except that visits are `unassigned`, required or locked ones too where it must be. The
    same seed, number of threads and stop by iterations (rounds of 100 steps) give the same plan. The problem must pass
    `validate`. `threads` may be `Workers` of an executor of one's own. Refuses `engine.unsupported` and
    `engine.too_large`.
    """
    refuse_unsupported(problem)
    workers = threads if isinstance(threads, Workers) else Workers(threads)
    found = Plan((), tuple(visit.id for visit in problem.visits))
    model = Model(without_past(problem))
    if model.served:
        teller = Teller(model, watch)
        alone = workers.count == 1 and workers.executor is None and len(model.served) <= WHOLE
        if alone or not divisible(problem):
            found = _Run(model, seed, until, teller).best(start)
        else:
            found = Spread(model, seed, until, teller, workers).best(start)
    made = settled(problem, found)
    if start is None:
        return made
    return min(made, settled(problem, start), key=lambda plan: plan_rank(problem, plan))


class _Run:
    """One search over the whole plan: the stopping rule, the count of rounds and whom to tell."""

    def __init__(self, model: Model, seed: int, until: Until, teller: Teller) -> None:
        self.model = model
        self.seed = seed
        self.until = until
        self.teller = teller
        self.rounds = 0
        self.least: int | None = None  # cost of the best plan, where the search may be at another
        self.search = _search.Search(model.core, seed, tuning_of(model.core, hottest(model.problem, len(model.served))))

    def best(self, start: Plan | None) -> Plan:
        """Search until told to stop; from the plan that is to be kept, if there is one and no other."""
        self.search.begin(self.model.start(beginning(self.model.problem, start)))
        self._tell()
        if not (self.model.problem.goals.vehicles_first and self._reduce()):
            self._cool(crossing=start is None)
        self._tell(last=True)
        return self.model.plan(self.search.best())

    def _reduce(self) -> bool:
        """Look for plans with fewer vehicles; true when the search is over."""
        least = fewest_shifts(self.model.problem)
        while self.search.missing == 0 and self.search.used > least and (share_of(self.until) or 0.0) < REDUCING:
            if share_of(self.until) is None and self.rounds > FIRST_CYCLE:
                break
            if self.until():
                return True
            self.rounds += 1
            self.search.fewer(ROUND)
            self._tell()
        self.search.settle()
        return False

    def _cool(self, *, crossing: bool) -> None:
        begun = share_of(self.until)
        if begun is None:
            self._cool_again()
        elif self._cool_until(begun + MEASURED * (1.0 - begun), 0.0, MEASURED):
            if crossing and self._has_time_to_cross(begun):
                self._cross(np.random.default_rng(self.seed), MEASURED)
            else:
                self._cool_until(1.0, MEASURED, 1.0)

    def _cool_until(self, end: float, before: float, after: float) -> bool:
        """The temperature falls from progress `before` to `after` until the share `end`; false when told to stop."""
        begun, at = share_of(self.until) or 0.0, before
        while not self.until():
            share = share_of(self.until) or 0.0
            if share >= end:
                return True
            to = max(at, before + (after - before) * min(1.0, (share - begun) / max(1e-9, end - begun)))
            self.search.cool(ROUND, at, to)
            at, self.rounds = to, self.rounds + 1
            self._tell()
        return False

    def _cool_again(self) -> None:
        """Where nothing says how long: again and again, each time twice as long, from the best plan on."""
        rounds, cycle = 0, FIRST_CYCLE
        while not self.until():
            self.search.cool(ROUND, rounds / cycle, (rounds + 1) / cycle)
            rounds, self.rounds = rounds + 1, self.rounds + 1
            if rounds == cycle:
                rounds, cycle = 0, 2 * cycle
                self.search.restore()
            self._tell()

    def _has_time_to_cross(self, begun: float) -> bool:
        """Whether there are steps enough for plans of their own; only of plain plans is known that it pays."""
        if self.model.problem.goals.vehicles_first or not self.search.plain:
            return False
        share = share_of(self.until) or 1.0
        steps = ROUND * self.rounds * (1.0 - share) / max(1e-9, share - begun)
        return steps >= TO_CROSS * len(self.model.served)

    def _cross(self, random: np.random.Generator, progress: float) -> None:
        """Cool some plans of their own, then again and again one made of two, which has the place of the dearer one."""
        begun = share_of(self.until) or 0.0
        plans: list[tuple[int, Routes]] = []
        going = self._cool_until(begun + (1.0 - begun) * APART / PLANS, progress, 1.0)
        plans.append((self.search.cost, self.search.best()))
        while going and len(plans) < PLANS:
            self.least = min(plans)[0]
            self.search.begin(self.model.start(None))
            going = self._cool_until(begun + (1.0 - begun) * APART * (len(plans) + 1) / PLANS, 0.0, 1.0)
            plans.append((self.search.cost, self.search.best()))
        while going:
            self.least = min(plans)[0]
            one, other = (int(number) for number in random.choice(PLANS, 2, replace=False))
            self.search.begin(crossed(random, plans[one][1], plans[other][1]))
            going = self._cool_until((share_of(self.until) or 0.0) + A_CROSSING * (1.0 - begun), MILD, 1.0)
            made = (self.search.cost, self.search.best())
            worse = max(one, other, key=lambda number: plans[number][0])
            if made[0] < plans[worse][0] and all(made[0] != cost for cost, _ in plans):
                plans[worse] = made
        self.search.begin(min(plans)[1])

    def _tell(self, *, last: bool = False) -> None:
        if last or self.least is None or self.search.cost < self.least:
            self.teller.tell(self.search.cost, self.rounds, self.search.best, last=last)
