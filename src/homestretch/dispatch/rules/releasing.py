"""What may go on the road, and what is promised with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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


def promise(begin: datetime, windows: Sequence[Window], early_s: int, late_s: int) -> Window:
    """What is promised of a service planned to begin at `begin`: widened by the rule, clipped to the task's window.

    Of several windows the one that holds `begin` counts; if none does (a plan released with lateness), none clips.
    """
    wide = Window(begin - timedelta(seconds=early_s), begin + timedelta(seconds=late_s))
    holding = next((window for window in windows if window.holds(begin)), None)
    return (wide.clipped(holding) if holding else None) or wide
