"""The search: the core (`search/`) is asked for a round of steps at a time, until the stopping rule has enough.

The core keeps every rule of its model, and `settled` takes off a route what `check` still finds wrong with it.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Protocol, cast

from homestretch.planner import _search
from homestretch.planner.cost import plan_rank
from homestretch.planner.model import Model
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.settle import settled
from homestretch.planner.stopping import Progress, Until, Watch
from homestretch.planner.terms import fewest_shifts, refuse_unsupported, without_past

ROUND = 100
"""Steps of ruin and recreate between two questions to the stopping rule."""

FIRST_CYCLE = (
    64  # rounds of the first cooling where nothing says how long the search will be; each next has twice as many
)
KEEPING = 0.3  # typical legs: the first temperature where a plan is to be kept, which a hotter one would lose
FEW = 16  # visits: with so few the search looks widely, for it soon has seen all that is near
WIDELY = (0.1, 0.3, 0.1)  # how often a place is passed over, a new route competes, a price is overlooked
SMALL = 60  # visits: so few are searched through all the same
REDUCING = 0.5  # of a search with vehicles first, at most, goes to finding fewer of them
TELL_EVERY = 0.05  # seconds between two plans that are told


def solve(problem: Problem, *, seed: int, until: Until, start: Plan | None = None, watch: Watch | None = None) -> Plan:
    """The best plan found until `until()` says stop; with `start` never a worse one than that, if it can be driven.

    The plan breaches nothing, except that visits are `unassigned`, required or locked ones too where it must be. The
    same seed and a stop by iterations (rounds of 100 steps) give the same plan. The problem must pass `validate`.
    Refuses `engine.unsupported` and `engine.too_large`.
    """
    refuse_unsupported(problem)
    found = Plan((), tuple(visit.id for visit in problem.visits))
    model = Model(without_past(problem))
    if model.served:
        found = _Run(model, seed, until, watch).best(start)
    plans = [settled(problem, plan) for plan in (found, start) if plan is not None]
    return min(plans, key=lambda plan: plan_rank(problem, plan))


class _Shared(Protocol):
    def share(self) -> float | None: ...


class _Run:
    """One search: the stopping rule, the count of rounds and whom to tell."""

    def __init__(self, model: Model, seed: int, until: Until, watch: Watch | None) -> None:
        self.model = model
        self.until = until
        self.watch = watch
        self.begun = perf_counter()
        self.told = -TELL_EVERY
        self.known: int | None = None
        self.rounds = 0
        self.search = _search.Search(model.core, seed, self._tuning())
        self.share: Callable[[], float | None] = getattr(cast(_Shared, until), "share", lambda: None)

    def _tuning(self) -> _search.Tuning:
        made = _search.Tuning()
        if self.model.problem.goals.stability and len(self.model.served) > SMALL:
            made.hot = min(made.hot, KEEPING)
        if len(self.model.served) <= FEW:
            made.blink, made.compete, made.generous = WIDELY
        return made

    def best(self, start: Plan | None) -> Plan:
        """Search until told to stop; from the plan that is to be kept, if there is one and no other."""
        kept = self.model.problem.goals.stability
        self.search.begin(self.model.start(start or (kept.plan if kept else None)))
        self._tell()
        if not (self.model.problem.goals.vehicles_first and self._reduce()):
            self._cool()
        self._tell(last=True)
        return self.model.plan(self.search.best())

    def _reduce(self) -> bool:
        """Look for plans with fewer vehicles; true when the search is over."""
        least = fewest_shifts(self.model.problem)
        while self.search.missing == 0 and self.search.used > least and (self.share() or 0.0) < REDUCING:
            if self.share() is None and self.rounds > FIRST_CYCLE:
                break
            if self.until():
                return True
            self.rounds += 1
            self.search.fewer(ROUND)
            self._tell()
        self.search.settle()
        return False

    def _cool(self) -> None:
        begun, rounds, cycle = self.share() or 0.0, 0, FIRST_CYCLE
        before = 0.0
        while not self.until():
            share = self.share()
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
        """Tell of a better plan, though not of each when they come thick and fast."""
        now = perf_counter() - self.begun
        if self.watch is None or self.search.cost == self.known or (now - self.told < TELL_EVERY and not last):
            return
        self.told, self.known = now, self.search.cost
        self.watch(Progress(now, self.rounds, self.search.cost, self.model.plan(self.search.best())))
