"""Faults of shifts: their spans, places, limits, costs, breaks, and where they stand."""

from collections.abc import Iterator

from homestretch.planner.problem import Problem, Shift, Start
from homestretch.planner.validate.fault import Fault, judge_loads, unknown_place

LIMITS = ("max_stops", "max_distance", "max_duration", "max_drive", "regular", "longest_stretch")
COSTS = ("fixed", "per_hour", "per_km", "per_second", "per_meter", "overtime_per_hour", "waiting_per_hour")
SLOWEST = 1000


def shifts(problem: Problem) -> Iterator[Fault]:
    """Everything that can be wrong with each shift."""
    for shift in problem.shifts:
        where = f"shift {shift.id}"
        yield from _places(problem, shift, where)
        if shift.end < shift.start:
            cause = f"It ends ({shift.end}) before it starts ({shift.start})."
            yield Fault("shift.ends_before_start", cause, where, "Swap or correct the two times.")
        if shift.profile not in problem.travel.profiles:
            cause = f"There is no matrix for profile {shift.profile!r}."
            yield Fault("shift.unknown_profile", cause, where, "Add the matrix or choose another profile.")
        yield from judge_loads(problem, shift.capacity, "shift", where)
        yield from _limits(shift, where)
        yield from _costs(shift, where)
        yield from _work(shift, where)
        yield from _breaks(shift, where)
        if shift.begun:
            yield from _begun(problem, shift, shift.begun, where)


def _places(problem: Problem, shift: Shift, where: str) -> Iterator[Fault]:
    begun = shift.begun.place if shift.begun else None
    named = (shift.start_place, shift.end_place, shift.reload, begun)
    for place in dict.fromkeys(place for place in named if place is not None):
        if not 0 <= place < problem.travel.places:
            yield unknown_place("shift", place, where)


def _limits(shift: Shift, where: str) -> Iterator[Fault]:
    for name in LIMITS:
        value = getattr(shift, name)
        if value is not None and value < 0:
            yield Fault("shift.negative_limit", f"{name} is {value}.", where, "Give 0 or more, or no limit.")
    if shift.max_trips is not None and shift.max_trips < 1:
        yield Fault("shift.bad_max_trips", f"max_trips is {shift.max_trips}.", where, "Give 1 or more, or no limit.")


def _costs(shift: Shift, where: str) -> Iterator[Fault]:
    for name in COSTS:
        if getattr(shift.costs, name) < 0:
            cause = f"{name} is {getattr(shift.costs, name)}."
            yield Fault("shift.negative_cost", cause, where, "Give 0 or more.")
    if shift.costs.overtime_per_hour > 0 and shift.regular is None:
        cause = "Overtime has a price, but no seconds are regular."
        yield Fault("shift.overtime_without_regular", cause, where, "Say how many are, or drop the price.")


def _work(shift: Shift, where: str) -> Iterator[Fault]:
    if shift.crew < 1:
        yield Fault("shift.bad_crew", f"Its crew is {shift.crew}.", where, "Give 1 or more.")
    if not 1 <= shift.pace <= SLOWEST:
        yield Fault("shift.bad_pace", f"Its pace is {shift.pace} %.", where, f"Give 1 to {SLOWEST}.")
    if shift.loading < 0:
        yield Fault("shift.negative_loading", f"Loading takes {shift.loading} s.", where, "Give 0 s or more.")


def _breaks(shift: Shift, where: str) -> Iterator[Fault]:
    for rest in shift.breaks:
        if rest.duration < 0:
            yield Fault("break.negative_duration", f"A break takes {rest.duration} s.", where, "Give 0 s or more.")
        if rest.latest < rest.earliest:
            cause = f"A break must begin by {rest.latest}, but not before {rest.earliest}."
            yield Fault("break.ends_before_start", cause, where, "Swap or correct the two times.")
        elif rest.latest < shift.start or rest.earliest > shift.end:
            cause = f"A break from {rest.earliest} to {rest.latest} is outside the shift."
            yield Fault("break.outside_shift", cause, where, "Move the break or the shift.")


def _begun(problem: Problem, shift: Shift, begun: Start, where: str) -> Iterator[Fault]:
    if begun.first_leg is not None and min(begun.first_leg) < 0:
        yield Fault("begun.negative_leg", f"Its first leg is {begun.first_leg}.", where, "Give 0 or more.")
    for index in begun.breaks_taken:
        if not 0 <= index < len(shift.breaks):
            cause = f"Break {index} was taken, and is none of the shift's."
            yield Fault("begun.unknown_break", cause, where, "Count the shift's breaks from 0.")
    yield from judge_loads(problem, begun.on_board, "begun", where)
