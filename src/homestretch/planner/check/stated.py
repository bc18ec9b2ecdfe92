"""Verifies stated times: they follow from the matrices and service times, and they keep every rule of time."""

from collections.abc import Iterator

from homestretch.planner.check.breach import Breach
from homestretch.planner.problem import Problem, Route, Shift, Visit
from homestretch.planner.times import BreakTimes, RouteTimes, StopTimes


def judge_stated(problem: Problem, shift: Shift, route: Route, times: RouteTimes) -> Iterator[Breach]:
    """Every contradiction and every breach in the times of one route."""
    if tuple(stop.visit for stop in times.stops) != route.visits:
        yield Breach("times", shift.id, "", 0, "The stated stops are not those of the route.")
        return
    yield from _span(problem, shift, route, times)
    yield from _breaks(shift, times)
    now, before = times.depart, shift.start_place
    for position, stop in enumerate(times.stops):
        visit = problem.visit[stop.visit]
        here = [rest for rest in times.breaks if rest.position == position]
        yield from _stop(problem, shift, visit, stop, (now, before))
        yield from _halt(shift, visit, stop, here)
        yield from _window(shift, visit, stop)
        now, before = stop.leave, visit.place
    seconds = int(problem.travel.profiles[shift.profile].durations[before, shift.end_place])
    if times.finish != now + seconds:
        yield _wrong(shift, "", times.finish - now - seconds, "The finish is not the last departure plus the way.")


def _span(problem: Problem, shift: Shift, route: Route, times: RouteTimes) -> Iterator[Breach]:
    if times.depart < shift.start:
        yield Breach("shift_start", shift.id, "", shift.start - times.depart, "It departs before the shift starts.")
    if times.finish > shift.end:
        yield Breach("shift_end", shift.id, "", times.finish - shift.end, "It finishes after the shift's end.")
    if shift.max_duration is not None and times.finish - times.depart > shift.max_duration:
        over = times.finish - times.depart - shift.max_duration
        yield Breach("max_duration", shift.id, "", over, f"{over} s more than the shift's {shift.max_duration} s.")
    for name in route.visits:
        early = problem.visit[name].release - times.depart
        if early > 0:
            yield Breach("release", shift.id, name, early, f"It departs {early} s before its goods are released.")


def _stop(problem: Problem, shift: Shift, visit: Visit, stop: StopTimes, origin: tuple[int, int]) -> Iterator[Breach]:
    """The leg that leads here: `origin` is (when, from which place)."""
    matrix = problem.travel.profiles[shift.profile]
    left, place = origin
    seconds = int(matrix.durations[place, visit.place])
    meters = int(matrix.distances[place, visit.place])
    if stop.arrive != left + seconds:
        yield _wrong(shift, visit.id, stop.arrive - left - seconds, "It does not arrive when the way there takes it.")
    if (stop.seconds, stop.meters) != (seconds, meters):
        yield _wrong(shift, visit.id, stop.seconds - seconds, "The stated leg is not the matrix's.")


def _halt(shift: Shift, visit: Visit, stop: StopTimes, rests: list[BreakTimes]) -> Iterator[Breach]:
    """Arrival, rests, waiting, service and rests follow each other and do not overlap."""
    now = stop.arrive
    for rest in sorted((rest for rest in rests if not rest.after_service), key=lambda rest: rest.start):
        if rest.start < now:
            yield _wrong(shift, visit.id, now - rest.start, "A break begins before it can.")
        now = rest.end
    if stop.start < now:
        yield _wrong(shift, visit.id, now - stop.start, "Service begins before it can.")
    rested = sum(rest.end - rest.start for rest in rests if not rest.after_service)
    if stop.wait != stop.start - stop.arrive - rested:
        yield _wrong(shift, visit.id, stop.wait, "The stated wait is not the time between arrival and service.")
    now = stop.start + visit.service
    for rest in sorted((rest for rest in rests if rest.after_service), key=lambda rest: rest.start):
        if rest.start < now:
            yield _wrong(shift, visit.id, now - rest.start, "A break begins before service is over.")
        now = rest.end
    if stop.leave != now:
        yield _wrong(shift, visit.id, stop.leave - now, "It does not drive off when service and breaks are over.")


def _window(shift: Shift, visit: Visit, stop: StopTimes) -> Iterator[Breach]:
    if visit.windows and not any(window.start <= stop.start <= window.end for window in visit.windows):
        late = stop.start - max(window.end for window in visit.windows)
        miss = min(max(window.start - stop.start, stop.start - window.end) for window in visit.windows)
        text = f"Service begins {late} s after the last window." if late > 0 else "Service begins outside every window."
        yield Breach("time_window", shift.id, visit.id, late if late > 0 else miss, text)


def _breaks(shift: Shift, times: RouteTimes) -> Iterator[Breach]:
    """Each break of the shift is on the route once and in its span, or can be taken before or after the route."""
    stated = {rest.index: rest for rest in times.breaks}
    if len(stated) != len(times.breaks) or not all(0 <= index < len(shift.breaks) for index in stated):
        yield _wrong(shift, "", 0, "A break is stated twice, or is none of the shift's.")
        return
    for index, rest in enumerate(shift.breaks):
        taken = stated.get(index)
        if taken is None:
            before = times.depart >= max(shift.start, rest.earliest) + rest.duration
            if not before and times.finish > rest.latest:
                late = times.finish - rest.latest
                yield Breach(
                    "break", shift.id, "", late, f"Break {index + 1} is not taken; the route is {late} s too long."
                )
            continue
        if taken.end - taken.start != rest.duration or not 0 <= taken.position < len(times.stops):
            yield _wrong(
                shift, "", taken.end - taken.start - rest.duration, f"Break {index + 1} is not as long as it must be."
            )
        miss = max(rest.earliest - taken.start, taken.start - rest.latest)
        if miss > 0:
            yield Breach("break", shift.id, "", miss, f"Break {index + 1} begins {miss} s outside its span.")


def _wrong(shift: Shift, visit: str, amount: int, text: str) -> Breach:
    return Breach("times", shift.id, visit, amount, text)
