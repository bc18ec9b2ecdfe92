"""Faults of visits."""

from collections.abc import Iterator
from itertools import pairwise

from homestretch.planner.problem import NOWHERE, Problem, Visit
from homestretch.planner.validate.fault import Fault, judge_loads, unknown_place

HIGHEST = 100


def visits(problem: Problem) -> Iterator[Fault]:
    """Places, times, loads, prizes and who may come, of each visit."""
    places = problem.travel.places
    for visit in problem.visits:
        where = f"visit {visit.id}"
        if visit.place != NOWHERE and not 0 <= visit.place < places:
            yield unknown_place("visit", visit.place, where)
        yield from _service(problem, visit, where)
        yield from _windows(visit, where)
        yield from _worth(visit, where)
        yield from _servers(problem, visit, where)
        for loads in (visit.deliver, visit.collect):
            yield from judge_loads(problem, loads, "visit", where)


def _service(problem: Problem, visit: Visit, where: str) -> Iterator[Fault]:
    for seconds in (visit.service, *visit.service_by.values()):
        if seconds < 0:
            yield Fault("visit.negative_service", f"Service takes {seconds} s.", where, "Give 0 s or more.")
    for profile in visit.service_by:
        if profile not in problem.travel.profiles:
            cause = f"There is no matrix for profile {profile!r}."
            yield Fault("visit.unknown_profile", cause, where, "Name a profile of the travel matrices.")


def _windows(visit: Visit, where: str) -> Iterator[Fault]:
    for window in visit.windows:
        if window.end < window.start:
            cause = f"A window ends ({window.end}) before it starts ({window.start})."
            yield Fault("visit.window_ends_before_start", cause, where, "Swap or correct the two times.")
    for window, following in pairwise(visit.windows):
        if window.start <= window.end and following.start <= window.end:
            cause = f"Windows {window.start} to {window.end} and {following.start} to {following.end} overlap."
            yield Fault("visit.windows_overlap", cause, where, "Make one window of the two.")


def _worth(visit: Visit, where: str) -> Iterator[Fault]:
    if visit.prize is not None and visit.prize < 0:
        remedy = "Give 0 or more, or nothing for a visit that is required."
        yield Fault("visit.negative_prize", f"The prize is {visit.prize}.", where, remedy)
    if not 0 <= visit.priority <= HIGHEST:
        yield Fault("visit.bad_priority", f"The priority is {visit.priority}.", where, f"Give 0 to {HIGHEST}.")
    if visit.late_per_hour < 0:
        cause = f"An hour of lateness costs {visit.late_per_hour}."
        yield Fault("visit.negative_lateness", cause, where, "Give 0 or more.")
    elif visit.late_per_hour and visit.due is None:
        cause = "Lateness has a price, but nothing is due."
        yield Fault("visit.lateness_without_due", cause, where, "Say when service is due, or drop the price.")


def _servers(problem: Problem, visit: Visit, where: str) -> Iterator[Fault]:
    if visit.crew < 1:
        yield Fault("visit.bad_crew", f"It takes {visit.crew} persons.", where, "Give 1 or more.")
    for shift in sorted(visit.barred):
        if shift not in problem.shift:
            yield Fault("visit.unknown_shift", f"There is no shift {shift} to bar.", where, "Drop it.")
