"""What may go on the road, and what is promised with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window


def check_shift(shift_id: object, *, has_driver: bool, has_route: bool, off: bool) -> None:
    """Whether a shift may take a route. Refuses `shift.no_driver`, `shift.has_route`, `shift.off`."""
    if off:
        raise Refusal("shift.off", "the shift was called off", remedy="plan the day again", shift_id=str(shift_id))
    if not has_driver:
        raise Refusal(
            "shift.no_driver",
            "nobody is named to drive this shift",
            remedy="name a driver for the shift, then release again",
            shift_id=str(shift_id),
        )
    if has_route:
        raise Refusal(
            "shift.has_route",
            "the shift has a live route already",
            remedy="recall that route, or plan this shift's stops onto another",
            shift_id=str(shift_id),
        )


def check_tasks(task_ids: Sequence[object], known_tasks: Iterable[object]) -> None:
    """Whether each task is there, located, and named once; `orders` says whether it is open.

    Refuses `task.not_ready`, naming at most ten, and `task.twice`.
    """
    known = set(known_tasks)
    late = [str(task_id) for task_id in task_ids if task_id not in known]
    if late:
        raise Refusal(
            "task.not_ready",
            f"{len(late)} of the tasks can't be driven: gone, or their places are not located",
            remedy="take them out of the plan, or plan again",
            task_ids=late[:10],
        )
    if len(set(task_ids)) != len(task_ids):
        raise Refusal("task.twice", "a task stands on two stops", remedy="plan again")


def check_day(day: date, tasks: Mapping[UUID, date | None]) -> None:
    """Whether the tasks of a day's route are for that day or an earlier one: their recipients may have chosen another
    since it was planned. Refuses `task.later_day`, naming at most ten."""
    later = [str(task_id) for task_id, wanted in tasks.items() if wanted is not None and wanted > day]
    if later:
        raise Refusal(
            "task.later_day",
            f"{len(later)} of the tasks are for a later day by now",
            remedy="take them out of the plan, or plan again",
            task_ids=later[:10],
        )


def promise(begin: datetime, windows: Sequence[Window], early_s: int, late_s: int) -> Window:
    """What is promised of a service planned to begin at `begin`: widened by the rule, clipped to the task's window.

    Of several windows the one that holds `begin` counts; if none does (a plan released with lateness), none clips.
    """
    wide = Window(begin - timedelta(seconds=early_s), begin + timedelta(seconds=late_s))
    holding = next((window for window in windows if window.holds(begin)), None)
    return (wide.clipped(holding) if holding else None) or wide
