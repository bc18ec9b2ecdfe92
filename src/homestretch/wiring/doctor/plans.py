"""I14: every plan that is stored has passed `check`, or shows its breaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from homestretch.planner.check import check
from homestretch.planner.schedule import schedule
from homestretch.plans import queries, standing
from homestretch.plans.models import Revision
from homestretch.plans.store import problem_of
from homestretch.wiring.doctor.look import Found, Look


def i14(look: Look) -> Found:
    """Each stored revision is judged anew: its breaches are those that it shows."""
    standing.forget()
    rows = Revision.objects.filter(organization_id=look.organization).select_related("question")
    for row in rows.order_by("question_id", "number").iterator(chunk_size=20):
        what = _misjudged(row)
        if what:
            yield f"plan {row.plan_id}", f"revision {row.number}: {what}"


def _misjudged(row: Any) -> str:
    try:
        problem = problem_of(row.question)
        plan = queries.plan_of(row)
        times = [schedule(problem, route) for route in plan.routes if route.visits]
        found = [breach.code for breach in check(problem, plan, times)]
    except (KeyError, ValueError, TypeError) as error:
        return f"it can't be read: {type(error).__name__} {error}"
    return _difference(found, [str(breach.get("code", "")) for breach in _shown(row.breaches)])


def _shown(breaches: Any) -> Sequence[Mapping[str, Any]]:
    return [breach for breach in breaches if isinstance(breach, dict)]


def _difference(found: Sequence[str], shown: Sequence[str]) -> str:
    hidden, invented = Counter(found) - Counter(shown), Counter(shown) - Counter(found)
    if hidden:
        return f"it hides {sum(hidden.values())} breaches: {', '.join(sorted(hidden))}"
    return f"it shows breaches that it has not: {', '.join(sorted(invented))}" if invented else ""
