"""The planner: a problem in, a plan out. No server, no I/O, no clock.

    problem = Problem(visits, shifts, travel)
    faults = validate(problem)
    plan = solve(problem, seed=7, until=Seconds(20))
    times = [schedule(problem, route) for route in plan.routes]
    breaches = check(problem, plan, times)
    reasons = explain(problem, plan)

The names below are functions and classes; some stand for a module of the same name, which is still imported from as
`from homestretch.planner.check import Breach`.
"""

from typing import TYPE_CHECKING, Any

from homestretch.planner.check import Breach, check
from homestretch.planner.cost import plan_cost, plan_rank, route_cost
from homestretch.planner.edit import EditError, move
from homestretch.planner.explain import Answer, Answers, answer, answers, explain
from homestretch.planner.explain.elsewhere import OtherPlace
from homestretch.planner.explain.reasons import Reason
from homestretch.planner.explain.relaxing import Relaxation, relaxed
from homestretch.planner.live import Live, LiveError, Option, Quote
from homestretch.planner.live.repair import Repair, Steady
from homestretch.planner.problem import (
    NOWHERE,
    UNREACHABLE,
    Balance,
    Break,
    Costs,
    Globe,
    Goals,
    Group,
    Legs,
    Loads,
    Lock,
    Matrix,
    Pair,
    Plan,
    Plane,
    Problem,
    Relation,
    Route,
    Shift,
    Slots,
    Stability,
    Start,
    Travel,
    Visit,
    Window,
)
from homestretch.planner.schedule import schedule
from homestretch.planner.stopping import Cancel, First, Iterations, Progress, Seconds
from homestretch.planner.times import BreakTimes, ReloadTimes, RouteTimes, StopTimes
from homestretch.planner.validate import Fault, validate
from homestretch.planner.wire import WireError, plan_from_json, plan_to_json, problem_from_json, problem_to_json

if TYPE_CHECKING:
    from homestretch.planner.search.engine import solve
    from homestretch.planner.search.spread import Workers

__all__ = [
    "NOWHERE",
    "UNREACHABLE",
    "Answer",
    "Answers",
    "Balance",
    "Breach",
    "Break",
    "BreakTimes",
    "Cancel",
    "Costs",
    "EditError",
    "Fault",
    "First",
    "Globe",
    "Goals",
    "Group",
    "Iterations",
    "Legs",
    "Live",
    "LiveError",
    "Loads",
    "Lock",
    "Matrix",
    "Option",
    "OtherPlace",
    "Pair",
    "Plan",
    "Plane",
    "Problem",
    "Progress",
    "Quote",
    "Reason",
    "Relation",
    "Relaxation",
    "ReloadTimes",
    "Repair",
    "Route",
    "RouteTimes",
    "Seconds",
    "Shift",
    "Slots",
    "Stability",
    "Start",
    "Steady",
    "StopTimes",
    "Travel",
    "Visit",
    "Window",
    "WireError",
    "Workers",
    "answer",
    "answers",
    "check",
    "explain",
    "move",
    "plan_cost",
    "plan_from_json",
    "plan_rank",
    "plan_to_json",
    "problem_from_json",
    "problem_to_json",
    "relaxed",
    "route_cost",
    "schedule",
    "solve",
    "validate",
]


def __getattr__(name: str) -> Any:
    """`solve` loads the engine, which takes a second that no one pays who only schedules or checks."""
    if name == "solve":
        from homestretch.planner.search.engine import solve

        return solve
    if name == "Workers":
        from homestretch.planner.search.spread import Workers

        return Workers
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
