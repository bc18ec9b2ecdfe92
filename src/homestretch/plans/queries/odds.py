"""How sure a revision is, before it is released."""

from __future__ import annotations

from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.planner import odds as planner
from homestretch.plans.models import Revision
from homestretch.plans.rows import head_row, plan, revision_row
from homestretch.plans.rules.odds import doubt_of, dues
from homestretch.plans.standing import Kept, state_of, times_of
from homestretch.plans.store import loaded
from homestretch.plans.values import OddsView
from homestretch.travel import queries as travel
from homestretch.travel.rules.timing import Times

SEED = 11
_odds: Kept[tuple[UUID, int, int], planner.Odds] = Kept(16)  # revisions and models never change


def odds(plan_id: UUID, number: int | None = None) -> OddsView:
    """How likely the stops of a revision are on time (by default of the one that stands), which are the weakest, and
    what would help. The same revision and model give the same answer. Refuses `plan.not_solved`."""
    head = plan(plan_id)
    row = head_row(head) if number is None else revision_row(head, number)
    times, late_s = travel.times(), accounts.organization().promise_late_s
    key = row.id, late_s, times.version
    found = _odds.get(key) or _odds.put(key, _asked(row, times, late_s))
    return OddsView(plan_id, row.number, times.version, planner.SAMPLES, found)


def _asked(row: Revision, times: Times, late_s: int) -> planner.Odds:
    question_id, question = row.question_id, loaded(row.question_id)
    problem, doubt = question.problem, doubt_of(times)
    if question.margin:
        doubt = planner.beyond(doubt, question.margin)
    state = state_of(row)
    due: dict[str, int] = {}
    for shift, visits in state.routes.items():
        due |= dues(problem, times_of(question_id, problem, shift, visits), late_s)
    return planner.odds(problem, state.plan, doubt, due, seed=SEED)
