"""From the wish for a plan to its first revision. The solver itself runs in a job, in no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.planner import problem as planner
from homestretch.plans import gather, rules, store
from homestretch.plans.events import PlanAsked, PlanFailed, PlanSolved
from homestretch.plans.judging import Answer
from homestretch.plans.models import Optimization, Plan, Question, Revision
from homestretch.plans.presence import tell
from homestretch.plans.rules.odds import margin_for
from homestretch.travel import queries as travel
from homestretch.travel.actions import follow_weather

MOST_SECONDS = 600
QUANTILES = (50, 95)  # percent


@action
def ask(
    day: date, depot_ids: Sequence[UUID], *, options: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> Plan:
    """Ask for a plan of a day's ready orders from these depots (none named = all); solved by a job.

    `options`: `seconds` (1 to 600, default 20), `seed` (default 1), `purpose`, `split_zone` (what each further shift in
    a zone costs, minor units, default 0), `quantile` (50 to 95: the percentage of days on which its times are to hold;
    0, the default, plans on the usual ones). Refuses `depot.not_found`, `plan.no_shifts`, `plan.nothing_to_plan`,
    `plan.seconds_invalid`, `plan.quantile_invalid`, `plan.blackout`.
    """
    wish = {"seconds": 20, "seed": 1, "purpose": "day", "split_zone": 0, "quantile": 0, **(options or {})}
    if not 1 <= wish["seconds"] <= MOST_SECONDS:
        raise Refusal(
            "plan.seconds_invalid",
            f"{wish['seconds']} seconds is not 1 to {MOST_SECONDS}",
            remedy="give the solver 1 to 600 seconds",
            field="seconds",
        )
    if wish["quantile"] and not QUANTILES[0] <= wish["quantile"] <= QUANTILES[1]:
        raise Refusal(
            "plan.quantile_invalid",
            f"{wish['quantile']} percent of days is not {QUANTILES[0]} to {QUANTILES[1]}",
            remedy="name 50 to 95 percent of days, or 0 for the usual times",
            field="quantile",
        )
    rules.ask(*gather.day_of(day, depot_ids))  # refuse now what the job would refuse later
    plan = Plan.objects.create(day=day, depots=list(depot_ids), state="asked", purpose=wish["purpose"], created_at=at)
    record(PlanAsked(plan.id, day, plan.purpose), by=by, at=at)
    optimization = Optimization.objects.create(
        plan=plan,
        state="waiting",
        seed=wish["seed"],
        seconds=wish["seconds"],
        split_zone=wish["split_zone"],
        quantile=wish["quantile"],
        created_at=at,
    )
    later("plans.solve", by.organization_id, optimization_id=optimization.id)
    follow_weather(by=by, at=at)
    return plan


@action
def begin(
    optimization_id: UUID, fence: UUID, *, by: Actor, at: datetime
) -> tuple[Optimization, rules.Asked | None] | None:
    """Take a run for the job that holds `fence`, and gather its question, unless it searches on from a revision. None
    when there is nothing left to do."""
    run = Optimization.objects.select_for_update().get(id=optimization_id)
    plan = _locked(run.plan_id)
    wanted = ("ready",) if run.base else ("asked", "solving")
    if run.state not in ("waiting", "running") or plan.state not in wanted:
        return None
    run.state, run.fence = "running", fence
    run.save(update_fields=["state", "fence"])
    if run.base:
        run.plan = plan
        return run, None
    if plan.state == "asked":
        plan.state = rules.change(plan.state, "solving")
        plan.save(update_fields=["state"])
    run.plan = plan
    return run, rules.ask(*gather.day_of(plan.day, plan.depots))


@action
def keep_question(
    optimization_id: UUID,
    problem: planner.Problem,
    asked: rules.Asked,
    notes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Question:
    """Store the question that a run answers, with what `store.travel_note` says of each profile, and beside it the
    margin that it is planned with: the one of the model that serves now."""
    run = Optimization.objects.select_for_update().get(id=optimization_id)
    margin = margin_for(travel.times(), run.quantile)
    data, matrices, sha256 = store.question_of(problem)
    run.question = Question.objects.create(
        plan_id=run.plan_id,
        problem=data,
        matrices=matrices,
        visits=asked.meaning,
        margin=asdict(margin) if margin else {},
        rung=rules.lowest(note["rung"] for note in notes.values()),
        travel=dict(notes),
        sha256=sha256,
        created_at=at,
    )
    run.save(update_fields=["question"])
    return run.question


@action
def report(
    optimization_id: UUID,
    fence: UUID,
    progress: Mapping[str, Any],
    best: Sequence[Any] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> bool:
    """Note how far a run is, and its best so far: [[shift, [visits]]] by number in the question, None: as it was.
    False when it should stop: cancelled, or taken over by another worker."""
    mine = Optimization.objects.filter(id=optimization_id, fence=fence, state="running", cancel=False)
    more = {} if best is None else {"best": {"routes": best}}
    told = bool(mine.update(progress=dict(progress), **more))
    if told:
        tell()
    return told


@action
def finish(optimization_id: UUID, fence: UUID, answer: Answer, *, by: Actor, at: datetime) -> Revision | None:
    """Let a run's answer stand as the plan's next revision. None when another worker has taken the run over."""
    run = Optimization.objects.select_for_update().get(id=optimization_id)
    plan = _locked(run.plan_id)
    if run.fence != fence or run.state != "running" or plan.state != "solving":
        return None
    run.state, run.finished_at, run.best = "done", at, None
    run.save(update_fields=["state", "finished_at", "best"])
    revision = Revision.objects.create(
        plan=plan,
        number=plan.head + 1,
        parent=plan.head,
        question_id=run.question_id,
        **stored(answer),
        why="solved",
        actor=str(by),
        created_at=at,
    )
    plan.head, plan.state = revision.number, rules.change(plan.state, "ready")
    plan.save(update_fields=["head", "state"])
    fact = PlanSolved(plan.id, revision.number, plan.purpose, len(revision.routes), len(revision.unassigned))
    record(fact, by=by, at=at)
    return revision


@action
def fail(optimization_id: UUID, fence: UUID | None, refusal: Refusal, *, by: Actor, at: datetime) -> None:
    """Give a run up for good, with the reason; a plan that it was the first of is dropped. Without a `fence`: whoever
    has it."""
    run = Optimization.objects.select_for_update().get(id=optimization_id)
    plan = _locked(run.plan_id)
    if run.state not in ("waiting", "running") or (fence is not None and run.fence != fence):
        return
    run.state, run.finished_at, run.best = "failed", at, None
    run.failure = {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}
    run.save(update_fields=["state", "finished_at", "failure", "best"])
    if run.base:  # the plan stands as it did
        tell()
        return
    plan.state = rules.change(plan.state, "dropped")
    plan.save(update_fields=["state"])
    record(PlanFailed(plan.id, refusal.code), by=by, at=at)


@action
def cancel(plan_id: UUID, *, by: Actor, at: datetime) -> Plan:
    """End a plan's search now; the best plan found so far then stands. Refuses `plan.state_conflict`."""
    plan = _locked(plan_id)
    runs = Optimization.objects.filter(plan=plan, state__in=["waiting", "running"])
    if plan.state not in ("asked", "solving") and not runs.exists():
        raise Refusal(
            "plan.state_conflict",
            f"the plan is {plan.state}: nothing is being searched",
            remedy="take the plan as it is, or ask for a new one",
        )
    runs.update(cancel=True)
    return plan


def stored(answer: Answer) -> dict[str, Any]:
    """An answer as a `Revision` keeps it."""
    return {
        "routes": [{"shift": r.shift, "visits": list(r.visits)} for r in answer.plan.routes if r.visits],
        "unassigned": [{"visit": v, "reasons": list(answer.reasons.get(v, ()))} for v in answer.plan.unassigned],
        "breaches": list(answer.breaches),
        "cost": answer.cost,
    }


def _locked(plan_id: UUID) -> Plan:
    plan = Plan.objects.select_for_update().filter(id=plan_id).first()
    if plan is None:
        raise not_found("plan", plan_id)
    return plan
