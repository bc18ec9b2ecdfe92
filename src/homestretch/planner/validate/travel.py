"""Faults of the travel matrices, and visits that none of them leads to."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from homestretch.planner.problem import UNREACHABLE, Globe, Matrix, Plane, Problem, Slots
from homestretch.planner.validate.fault import Fault
from homestretch.planner.validate.shifts import shifts

LONGEST_LEG = 2**29
"""Seconds or meters: of a leg between coordinates, about 17 years or 13 times around the earth."""


def matrices(problem: Problem) -> Iterator[Fault]:
    """Shapes that disagree, negative entries, slots out of order or with other ways than each other."""
    found = (fault for name, matrix in problem.travel.matrices() for fault in _matrix(problem, name, matrix))
    yield from dict.fromkeys(found)
    for name, profile in problem.travel.profiles.items():
        if isinstance(profile, Slots):
            yield from _slots(name, profile)
        if isinstance(profile, Plane | Globe):
            yield from _coordinates(problem, name, profile)


def _matrix(problem: Problem, name: str, matrix: Matrix) -> Iterator[Fault]:
    where = f"profile {name}"
    rows, columns = matrix.durations.shape
    if rows != columns or matrix.distances.shape != matrix.durations.shape or rows != problem.travel.places:
        cause = f"Durations are {rows} by {columns}, distances {' by '.join(map(str, matrix.distances.shape))}."
        yield Fault("travel.bad_shape", cause, where, "Make all matrices square and over the same places.")
    if (matrix.durations < 0).any() or (matrix.distances < 0).any():
        yield Fault("travel.negative", "A time or distance is negative.", where, "Give 0 or more.")


def _coordinates(problem: Problem, name: str, profile: Plane | Globe) -> Iterator[Fault]:
    where = f"profile {name}"
    if len(profile) != problem.travel.places:
        cause = f"There are {len(profile)} coordinates."
        yield Fault("travel.bad_shape", cause, where, "Give every profile the same places.")
    outside = isinstance(profile, Globe) and bool((np.abs(profile.lat) > 90).any() or (np.abs(profile.lon) > 180).any())
    if outside or not np.isfinite(profile.axes).all():
        cause = "A coordinate is not finite, or not on the earth."
        yield Fault("travel.bad_coordinates", cause, where, "Look the place up again, or leave it out.")
        return
    speed = profile.speed_mh if isinstance(profile, Globe) else 1
    if speed < 1 or min(each for each, _ in profile.measures) < 0 or not np.isfinite(profile.measures[0][0]):
        yield Fault("travel.negative", "A speed or a measure is negative.", where, "Give more than 0.")
    elif any(legs.longest() > LONGEST_LEG for legs in (profile.durations, profile.distances)):
        cause = f"A way is longer than {LONGEST_LEG}."
        yield Fault("travel.too_long", cause, where, "Give meters and seconds, and places of one country.")


def _slots(name: str, slots: Slots) -> Iterator[Fault]:
    where = f"profile {name}"
    if any(late <= early for early, late in pairwise(slots.starts)):
        yield Fault("travel.slots_not_rising", "A slot starts before the last one.", where, "Sort them by start.")
    ways = [_ways(matrix) for matrix in slots.matrices]
    if any(not np.array_equal(ways[0], other) for other in ways):
        cause = "There is a way in one slot and none in another."
        remedy = "Give a way in all slots or in none; a closure of a few hours is a long time."
        yield Fault("travel.slots_differ_in_ways", cause, where, remedy)


def _ways(matrix: Matrix) -> npt.NDArray[np.bool_]:
    if matrix.durations.shape != matrix.distances.shape:
        return matrix.durations < UNREACHABLE
    return (matrix.durations < UNREACHABLE) & (matrix.distances < UNREACHABLE)


def reach(problem: Problem) -> Iterator[Fault]:
    """A visit that no shift can drive to from its start and home from to its end; only asked of sound matrices."""
    if any(matrices(problem)) or any(shifts(problem)) or not problem.shifts:
        return
    kinds = {
        (shift.profile, start, shift.end_place)
        for shift in problem.shifts
        for start in (shift.start_place, None if shift.begun is None else shift.begun.place)
        if start is not None
    }
    ends = []
    for profile, start, end in sorted(kinds):
        matrix = problem.travel.profiles[profile]
        out = (matrix.durations[start] < UNREACHABLE) & (matrix.distances[start] < UNREACHABLE)
        back = (matrix.durations[:, end] < UNREACHABLE) & (matrix.distances[:, end] < UNREACHABLE)
        ends.append(out & back)
    for visit in problem.visits:
        if 0 <= visit.place < problem.travel.places and not any(reached[visit.place] for reached in ends):
            cause = "No shift can drive there and back, by any profile."
            remedy = "Move its pin to a road, or leave it out of this plan."
            yield Fault("visit.unreachable", cause, f"visit {visit.id}", remedy)
