"""The file that `solve` and `check` are asked about: a benchmark instance with its convention, or a problem of ours."""

from __future__ import annotations

from dataclasses import dataclass

from homestretch.doors.cli.files import read_file
from homestretch.kernel.refusal import Refusal
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.judge import judge
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.validate import validate

CONVENTION_HELP = (
    "how a benchmark file counts: dimacs (tenths, cut off), exact (thousandths), round (whole numbers), sintef "
    "(fewest vehicles, then real distance in thousandths); default dimacs for Solomon, round for VRPLIB, sintef for "
    "Li & Lim"
)


@dataclass(frozen=True, slots=True)
class Breached:
    """One breach as it is printed; `route` is a shift's id, or the number of a route."""

    code: str
    cause: str
    route: str = ""
    visit: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge says of a plan; `cost` in minor units, or in the unit of the convention."""

    breaches: tuple[Breached, ...]
    cost: int
    vehicles: int


@dataclass(frozen=True, slots=True)
class Asked:
    """`given` is what the file holds; `convention` is empty for a problem of ours."""

    given: Instance | Problem
    convention: str = ""

    def problem(self) -> Problem:
        """What an engine is asked. Refuses the first of the problem's faults by its code, and counts the others."""
        if isinstance(self.given, Instance):
            return conventions.to_problem(self.given, self.convention)
        faults = validate(self.given)
        if faults:
            others = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
            first = faults[0]
            raise Refusal(first.code, f"{first.where}: {first.cause}{others}", remedy=first.remedy, field=first.where)
        return self.given

    def judged(self, plan: Plan) -> Judged:
        """The verdict, by code that no engine has a part in."""
        if isinstance(self.given, Instance):
            verdict = judge(self.given, self.convention, plan)
            found = [Breached(f.code, f.cause, str(f.route or ""), f.visit or "") for f in verdict.findings]
            return Judged(tuple(found), verdict.cost, verdict.vehicles)
        breaches = check(self.given, plan)
        unknown = any(breach.code in ("visit_unknown", "shift_unknown") for breach in breaches)
        return Judged(
            tuple(Breached(b.code, b.text, b.shift, b.visit, b.amount) for b in breaches),
            0 if unknown else plan_cost(self.given, plan),
            sum(bool(route.visits) for route in plan.routes),
        )

    def ident(self, visit: str) -> int | str:
        """A visit's id as the file writes it."""
        return int(visit) if isinstance(self.given, Instance) else visit


def read_asked(name: str, convention: str | None) -> Asked:
    """Read and recognize a file. Refuses `file.*`, `format.*` and `wire.*`."""
    given = guess.read(read_file(name))
    if isinstance(given, Instance):
        return Asked(given, conventions.convention_of(given, convention))
    if convention:
        raise Refusal(
            "format.convention_unknown", "our own JSON counts by its costs alone", remedy="leave --convention out"
        )
    return Asked(given)
