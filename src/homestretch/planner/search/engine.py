"""The search: the core (`search/`) is asked for a round of steps at a time, until the stopping rule has enough.

The core keeps every rule of its model, and `settled` takes off a route what `check` still finds wrong with it.
"""

from homestretch.planner import _search
from homestretch.planner.cost import plan_rank
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.search.bonds import divisible
from homestretch.planner.search.keeping import beginning, hottest
from homestretch.planner.search.model import WHOLE, Model
from homestretch.planner.search.pieces import ROUND, tuning_of
from homestretch.planner.search.settle import settled
from homestretch.planner.search.spread import Spread, Workers
from homestretch.planner.search.telling import Teller
from homestretch.planner.stopping import Until, Watch, share_of
from homestretch.planner.terms import fewest_shifts, refuse_unsupported, without_past

FIRST_CYCLE = (
    64  # rounds of the first cooling where nothing says how long the search will be; each next has twice as many
)
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
    plans = [settled(problem, plan) for plan in (found, start) if plan is not None]
    return min(plans, key=lambda plan: plan_rank(problem, plan))


class _Run:
    """One search over the whole plan: the stopping rule, the count of rounds and whom to tell."""

    def __init__(self, model: Model, seed: int, until: Until, teller: Teller) -> None:
        self.model = model
        self.until = until
        self.teller = teller
        self.rounds = 0
        self.search = _search.Search(model.core, seed, tuning_of(model.core, hottest(model.problem, len(model.served))))

    def best(self, start: Plan | None) -> Plan:
        """Search until told to stop; from the plan that is to be kept, if there is one and no other."""
        self.search.begin(self.model.start(beginning(self.model.problem, start)))
        self._tell()
        if not (self.model.problem.goals.vehicles_first and self._reduce()):
            self._cool()
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

    def _cool(self) -> None:
        begun, rounds, cycle = share_of(self.until) or 0.0, 0, FIRST_CYCLE
        before = 0.0
        while not self.until():
            share = share_of(self.until)
            if share is None:
                after = (rounds + 1) / cycle
            else:
                after = min(1.0, max(before, (share - begun) / max(1e-9, 1.0 - begun)))
            self.search.cool(ROUND, before, after)
            before, rounds, self.rounds = after, rounds + 1, self.rounds + 1
            if share is None and rounds == cycle:
                before, rounds, cycle = 0.0, 0, 2 * cycle
                self.search.restore()
            self._tell()

    def _tell(self, *, last: bool = False) -> None:
        self.teller.tell(self.search.cost, self.rounds, self.search.best, last=last)
