"""From the outcome of a stop to the outcome of each of its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from homestretch.dispatch.rules.automata import OUTCOMES
from homestretch.dispatch.rules.reasons import read_reason
from homestretch.dispatch.values import StopOutcome
from homestretch.kernel.refusal import Refusal


def results(task_ids: Sequence[UUID], state: str, outcome: StopOutcome) -> dict[UUID, tuple[str, str]]:
    """(state, reason) of each task that is owed at a stop which ends as `state`.

    Of a partial stop `outcome.tasks` names those that differ; those not named were completed. Where nothing is named
    and the stop owes one task, that task is partial, for the stop's reason. Refuses `stop.task_unknown`,
    `stop.nothing_missing`, `stop.reason_missing`, `stop.reason_unknown`.
    """
    if state != "partial":
        reason = outcome.reason if state == "failed" else ""
        return dict.fromkeys(task_ids, (state, reason))
    named = {one.task_id: (one.state, one.reason or outcome.reason) for one in outcome.tasks}
    if not named and len(task_ids) == 1:
        named = {task_ids[0]: ("partial", outcome.reason)}
    _check_named(named, task_ids)
    return {task_id: _result(*named.get(task_id, ("completed", ""))) for task_id in task_ids}


def _check_named(named: dict[UUID, tuple[str, str]], task_ids: Sequence[UUID]) -> None:
    strangers = [task_id for task_id in named if task_id not in set(task_ids)]
    if strangers:
        raise Refusal(
            "stop.task_unknown",
            "a task is named that this stop does not owe",
            remedy="name tasks of this stop",
            field="tasks",
            task_id=str(strangers[0]),
        )
    if all(state == "completed" for state, _ in named.values()):
        raise Refusal(
            "stop.nothing_missing",
            "a partial stop must say what was not done",
            remedy="name the tasks, or complete the stop",
            field="tasks",
        )


def _result(state: str, reason: str) -> tuple[str, str]:
    if state not in OUTCOMES:
        raise Refusal(
            "stop.outcome_unknown",
            f"{state[:20]!r} is no outcome",
            remedy=f"one of {', '.join(OUTCOMES)}",
            field="tasks",
        )
    return state, read_reason(reason) if state != "completed" else ""
