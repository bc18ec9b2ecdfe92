"""What is wrong with a question, before anyone tries to answer it.

Not a fault: a visit that no shift can take (too large, too late, without coordinates). It is left out, and `explain`
says why.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from homestretch.planner.problem import NOWHERE, UNREACHABLE, Loads, Problem, Shift, Visit


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `code` is stable; `where` names the object by kind and id, such as `visit 17`."""

    code: str
    cause: str
    where: str
    remedy: str


def validate(problem: Problem) -> list[Fault]:
    """Every fault of a problem; an empty list means that it can be solved. Never raises."""
    return [fault for judge in JUDGES for fault in judge(problem)]


def _problem(problem: Problem) -> Iterator[Fault]:
    if not problem.shifts:
        yield Fault("problem.no_shifts", "There is no shift.", "problem", "Add at least one shift.")
    if not problem.travel.profiles:
        yield Fault("problem.no_travel", "There is no travel matrix.", "problem", "Add a matrix for every profile.")
    try:
        utc = datetime.fromisoformat(problem.epoch).utcoffset()
    except ValueError:
        utc = None
    if utc is None or utc.total_seconds() != 0:
        cause = f"{problem.epoch!r} is no UTC instant."
        yield Fault("problem.bad_epoch", cause, "problem", "Give it as 2026-03-02T00:00:00Z.")


def _duplicates(problem: Problem) -> Iterator[Fault]:
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("visit", (visit.id for visit in problem.visits)),
        ("shift", (shift.id for shift in problem.shifts)),
        ("dimension", problem.dimensions),
    )
    for kind, ids in kinds:
        for name, times in Counter(ids).items():
            if times > 1:
                cause = f"The id is used {times} times."
                yield Fault(f"{kind}.duplicate_id", cause, f"{kind} {name}", "Give every one an id of its own.")
            if not name:
                yield Fault(f"{kind}.empty_id", "The id is empty.", kind, "Give every one an id of its own.")


def _matrices(problem: Problem) -> Iterator[Fault]:
    for name, matrix in problem.travel.profiles.items():
        where = f"profile {name}"
        rows, columns = matrix.durations.shape
        if rows != columns or matrix.distances.shape != matrix.durations.shape or rows != problem.travel.places:
            cause = f"Durations are {rows} by {columns}, distances {' by '.join(map(str, matrix.distances.shape))}."
            yield Fault("travel.bad_shape", cause, where, "Make all matrices square and over the same places.")
        if (matrix.durations < 0).any() or (matrix.distances < 0).any():
            yield Fault("travel.negative", "A time or distance is negative.", where, "Give 0 or more.")


def _visits(problem: Problem) -> Iterator[Fault]:
    places = problem.travel.places
    for visit in problem.visits:
        where = f"visit {visit.id}"
        if visit.place != NOWHERE and not 0 <= visit.place < places:
            yield _unknown_place("visit", visit.place, where)
        if visit.service < 0:
            yield Fault("visit.negative_service", f"Service takes {visit.service} s.", where, "Give 0 s or more.")
        if visit.prize is not None and visit.prize < 0:
            remedy = "Give 0 or more, or nothing for a visit that is required."
            yield Fault("visit.negative_prize", f"The prize is {visit.prize}.", where, remedy)
        yield from _windows(visit, where)
        for loads in (visit.deliver, visit.collect):
            yield from _loads(problem, loads, "visit", where)


def _windows(visit: Visit, where: str) -> Iterator[Fault]:
    for window in visit.windows:
        if window.end < window.start:
            cause = f"A window ends ({window.end}) before it starts ({window.start})."
            yield Fault("visit.window_ends_before_start", cause, where, "Swap or correct the two times.")
    for window, following in zip(visit.windows, visit.windows[1:], strict=False):
        if window.start <= window.end and following.start <= window.end:
            cause = f"Windows {window.start} to {window.end} and {following.start} to {following.end} overlap."
            yield Fault("visit.windows_overlap", cause, where, "Make one window of the two.")


def _shifts(problem: Problem) -> Iterator[Fault]:
    places = problem.travel.places
    for shift in problem.shifts:
        where = f"shift {shift.id}"
        for place in dict.fromkeys((shift.start_place, shift.end_place)):
            if not 0 <= place < places:
                yield _unknown_place("shift", place, where)
        if shift.end < shift.start:
            cause = f"It ends ({shift.end}) before it starts ({shift.start})."
            yield Fault("shift.ends_before_start", cause, where, "Swap or correct the two times.")
        if shift.profile not in problem.travel.profiles:
            cause = f"There is no matrix for profile {shift.profile!r}."
            yield Fault("shift.unknown_profile", cause, where, "Add the matrix or choose another profile.")
        yield from _loads(problem, shift.capacity, "shift", where)
        yield from _limits(shift, where)
        yield from _breaks(shift, where)


def _limits(shift: Shift, where: str) -> Iterator[Fault]:
    for name in ("max_stops", "max_distance", "max_duration"):
        value = getattr(shift, name)
        if value is not None and value < 0:
            yield Fault("shift.negative_limit", f"{name} is {value}.", where, "Give 0 or more, or no limit.")
    for name in ("fixed", "per_hour", "per_km", "per_second", "per_meter"):
        if getattr(shift.costs, name) < 0:
            cause = f"{name} is {getattr(shift.costs, name)}."
            yield Fault("shift.negative_cost", cause, where, "Give 0 or more.")


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


def _loads(problem: Problem, loads: Loads, kind: str, where: str) -> Iterator[Fault]:
    for dimension, amount in loads.items():
        if dimension not in problem.dimensions:
            cause = f"The problem has no dimension {dimension!r}."
            yield Fault(f"{kind}.unknown_dimension", cause, where, "Name it among the problem's dimensions.")
        if amount < 0:
            cause = f"{dimension} is {amount}."
            yield Fault(f"{kind}.negative_load", cause, where, "Give 0 or more; goods that ride back are collected.")


def _pairs(problem: Problem) -> Iterator[Fault]:
    uses = Counter(end for pair in problem.pairs for end in (pair.collect, pair.deliver))
    for pair in problem.pairs:
        where = f"pair {pair.collect} {pair.deliver}"
        if pair.collect == pair.deliver:
            yield Fault("pair.same_visit", "Both ends are one visit.", where, "Name two visits.")
        for end in dict.fromkeys((pair.collect, pair.deliver)):
            if end not in problem.visit:
                yield Fault("pair.unknown_visit", f"There is no visit {end}.", where, "Add it, or drop the pair.")
            elif uses[end] > 1 and pair.collect != pair.deliver:
                cause = f"Visit {end} is in {uses[end]} pairs."
                yield Fault("pair.visit_in_two", cause, where, "Split the visit, one for each pair.")
        yield from _loads(problem, pair.loads, "pair", where)
        locks = [problem.lock_of.get(pair.collect), problem.lock_of.get(pair.deliver)]
        shifts = {lock.shift for lock in locks if lock and lock.shift is not None}
        if len(shifts) > 1:
            cause = f"Its two visits are locked to shifts {' and '.join(sorted(shifts))}."
            yield Fault("pair.locked_apart", cause, where, "Lock both to one shift.")


def _locks(problem: Problem) -> Iterator[Fault]:
    uses = Counter(lock.visit for lock in problem.locks)
    held = Counter((lock.shift, lock.position) for lock in problem.locks if None not in (lock.shift, lock.position))
    for lock in problem.locks:
        where = f"lock {lock.visit}"
        if lock.visit not in problem.visit:
            yield Fault("lock.unknown_visit", f"There is no visit {lock.visit}.", where, "Drop the lock.")
        if lock.shift is not None and lock.shift not in problem.shift:
            yield Fault("lock.unknown_shift", f"There is no shift {lock.shift}.", where, "Drop the lock.")
        if uses[lock.visit] > 1:
            yield Fault("lock.visit_locked_twice", "The visit has several locks.", where, "Keep one of them.")
        if lock.shift is None and lock.position is None:
            yield Fault("lock.empty", "It fixes neither shift nor position.", where, "Name one, or drop the lock.")
        if lock.position is not None and lock.position < 0:
            yield Fault("lock.negative_position", f"Position {lock.position}.", where, "Count positions from 0.")
        if held[lock.shift, lock.position] > 1:
            cause = f"Position {lock.position} of shift {lock.shift} is held by several visits."
            yield Fault("lock.position_taken", cause, where, "Give each another position.")


def _reach(problem: Problem) -> Iterator[Fault]:
    """A visit that no shift can drive to from its start and home from to its end; only asked of sound matrices."""
    if any(_matrices(problem)) or any(_shifts(problem)) or not problem.shifts:
        return
    kinds = sorted({(shift.profile, shift.start_place, shift.end_place) for shift in problem.shifts})
    ends = []
    for profile, start, end in kinds:
        matrix = problem.travel.profiles[profile]
        out = (matrix.durations[start] < UNREACHABLE) & (matrix.distances[start] < UNREACHABLE)
        back = (matrix.durations[:, end] < UNREACHABLE) & (matrix.distances[:, end] < UNREACHABLE)
        ends.append(out & back)
    for visit in problem.visits:
        if 0 <= visit.place < problem.travel.places and not any(reached[visit.place] for reached in ends):
            cause = "No shift can drive there and back, by any profile."
            remedy = "Move its pin to a road, or leave it out of this plan."
            yield Fault("visit.unreachable", cause, f"visit {visit.id}", remedy)


def _unknown_place(kind: str, place: int, where: str) -> Fault:
    remedy = "Name a row of the matrices, from 0."
    return Fault(f"{kind}.unknown_place", f"There is no place {place}.", where, remedy)


JUDGES: tuple[Callable[[Problem], Iterator[Fault]], ...] = (
    _problem,
    _duplicates,
    _matrices,
    _visits,
    _shifts,
    _pairs,
    _locks,
    _reach,
)
