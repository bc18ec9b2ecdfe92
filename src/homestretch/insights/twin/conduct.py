"""How a day is conducted: what is done when something comes up, by recovery's own questions, prices and search.

`stand`: nothing that was planned is changed; what comes in goes to the end of the route that gets to it first.
`insert`: what comes in, failed, or stands with a broken-down vehicle goes where it costs least (`Live.insert`); no stop
that has a place is moved, and lateness is looked on. `search`: as recovery does, all of it accepted at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from homestretch.kernel.refusal import Refusal
from homestretch.planner.live import Live
from homestretch.planner.problem import Matrix, Plan, Problem, Route, Slots
from homestretch.planner.schedule import schedule
from homestretch.planner.stopping import Seconds, Until
from homestretch.recovery.rules import finding, proposing
from homestretch.recovery.rules.answer import Answer
from homestretch.recovery.rules.proposing import POLICY, Prices
from homestretch.recovery.rules.question import Question, Rest
from homestretch.recovery.values import Wish

STAND, INSERT, SEARCH = "stand", "insert", "search"
UNASKED = replace(POLICY, suggest_late_s=60)  # the policy's defaults, with proposals made unasked
Travel = Mapping[str, Matrix | Slots]


@dataclass(frozen=True)
class Conduct:
    """One way to conduct a day. `until` makes the rule that ends each search."""

    way: str = SEARCH
    prices: Prices = UNASKED
    until: Callable[[], Until] = lambda: Seconds(0.1)

    def scope(self, wish: Wish) -> str:
        """How far a change may go."""
        return proposing.read_scope(wish.kind, wish.scope if self.way == SEARCH else "insert", wish.route_ids)

    def answer(self, rest: Rest, travel: Callable[[Question], Travel]) -> Answer | None:
        """What is done about a rest of a day; None: nothing, for nothing better was found."""
        question = Question(rest)
        try:
            made = self._found(question, travel(question))
            proposing.check_worth(len(made.parts), made.figures["moved"], rest.prices.most_moved)
        except Refusal:
            return None
        return made

    def _found(self, question: Question, travel: Travel) -> Answer:
        if self.way == SEARCH:
            return finding.found(question, travel, self.until())
        problem = question.problem(travel)
        plan = _inserted(problem, question.baseline) if self.way == INSERT else _appended(problem, question.baseline)
        return finding.told(question, problem, plan)


def policies(ours: Conduct) -> dict[str, Conduct]:
    """The ways that are held against each other, by name: `ours` is recovery's."""
    return {"none": replace(ours, way=STAND), "greedy": replace(ours, way=INSERT), "full": full(ours), "ours": ours}


def full(conduct: Conduct) -> Conduct:
    """The same, to which no change costs anything."""
    return replace(conduct, prices=replace(conduct.prices, per_moved=0, per_changed=0, per_drift_minute=0))


def _inserted(problem: Problem, plan: Plan) -> Plan:
    """Each visit that is on no route where it costs least, one after the other."""
    live = Live(problem, plan)
    for visit in plan.unassigned:
        if visit not in live.shift_of and not visit.startswith("m:"):
            for option in live.insert(visit, limit=1, late_ok=True):
                live.accept(option)
    return live.plan


def _appended(problem: Problem, plan: Plan) -> Plan:
    """Each visit that is on no route, with its pair, at the end of the one that gets to it first."""
    routes = {shift.id: plan.route_of(shift.id).visits for shift in problem.shifts}
    left = []
    for visit in plan.unassigned:
        pair = problem.pair_of.get(visit)
        ends = (pair.collect, pair.deliver) if pair else (visit,)
        able = [shift.id for shift in problem.shifts if shift.id not in problem.visit[visit].barred]
        if visit in {name for visits in routes.values() for name in visits}:
            continue
        ways = {shift: schedule(problem, Route(shift, (*routes[shift], *ends))) for shift in able}
        sound = [shift for shift, times in ways.items() if times.finish <= problem.shift[shift].end]
        if sound:
            best = min(sound, key=lambda shift: (ways[shift].stops[-1].arrive, shift))
            routes[best] = (*routes[best], *ends)
        else:
            left.append(visit)
    return Plan(tuple(Route(shift, visits) for shift, visits in routes.items()), tuple(left))
