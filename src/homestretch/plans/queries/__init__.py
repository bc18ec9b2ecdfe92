"""Reads of plans, inside a scope."""

from homestretch.plans.past import locks_on, name_of, people_at, steps_back
from homestretch.plans.queries.board import Drawn, PlanLine, drawn, plan_lines
from homestretch.plans.queries.changes import best, changes, compare, preview
from homestretch.plans.queries.odds import odds
from homestretch.plans.queries.revisions import insertions, release_view, revision, why
from homestretch.plans.rows import (
    head_row,
    optimization,
    plan,
    plan_of,
    plans,
    revision_row,
    rungs,
)

__all__ = [
    "Drawn",
    "PlanLine",
    "best",
    "changes",
    "compare",
    "drawn",
    "head_row",
    "insertions",
    "locks_on",
    "name_of",
    "odds",
    "optimization",
    "people_at",
    "plan",
    "plan_lines",
    "plan_of",
    "plans",
    "preview",
    "release_view",
    "revision",
    "revision_row",
    "rungs",
    "steps_back",
    "why",
]
