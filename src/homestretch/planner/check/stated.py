"""Verifies stated times: they follow from the matrices and service times, and they keep every rule of time."""

from collections.abc import Iterator

from homestretch.planner.check.breach import Breach
from homestretch.planner.check.line import Line, Step
from homestretch.planner.problem import NOWHERE, Route, Shift
from homestretch.planner.times import BreakTimes, ReloadTimes, RouteTimes, StopTimes


def judge_stated(line: Line, route: Route, times: RouteTimes) -> Iterator[Breach]:
    """Every contradiction and every breach in the times of one route."""
    shift = line.shift
    if tuple(stop.visit for stop in times.stops) != route.visits:
        yield Breach("times", shift.id, "", 0, "The stated stops are not those of the route.")
        return
    if tuple(halt.position for halt in times.reloads) != route.reloads:
        yield Breach("times", shift.id, "", 0, "The stated reloads are not those of the route.")
        return
    if any(step.place == NOWHERE for step in line.steps):
        return
    yield from _span(line, times)
    yield from _breaks(line, times)
    yield from _stretches(line, times)
    yield from _rides(line, times)
    yield from _released(line, route, times)
    yield from _walk(line, times)
    yield from _sums(line, times)


def _walk(line: Line, times: RouteTimes) -> Iterator[Breach]:
    """Step by step: each leaves when the one before does, and arrives when the way there takes it."""
    shift, now = line.shift, times.depart + line.loading
    stops, reloads = iter(enumerate(times.stops)), iter(times.reloads)
    for step in line.steps:
        arrive = line.arrive(step, now)
        if step.kind == "end":
            if times.finish != arrive:
                yield _wrong(shift, "", times.finish - arrive, "The finish is not the last departure plus the way.")
        elif step.kind == "reload":
            halt = next(reloads)
            yield from _leg(line, step, halt, now)
            if halt.start < halt.arrive or halt.leave != halt.start + shift.loading:
                yield _wrong(
                    shift, "", halt.leave - halt.start - shift.loading, "A reload is not as long as it must be."
                )
            now = halt.leave
        else:
            position, stop = next(stops)
            yield from _leg(line, step, stop, now)
            yield from _halt(line, step, stop, [rest for rest in times.breaks if rest.position == position])
            yield from _window(shift, step, stop)
            now = stop.leave


def _leg(line: Line, step: Step, there: StopTimes | ReloadTimes, left: int) -> Iterator[Breach]:
    """The way that leads here, and how it is stated."""
    arrive, meters = line.arrive(step, left), line.meters(step, left)
    if there.arrive != arrive:
        yield _wrong(line.shift, step.name, there.arrive - arrive, "It does not arrive when the way there takes it.")
    if (there.seconds, there.meters) != (arrive - left, meters):
        yield _wrong(line.shift, step.name, there.seconds - arrive + left, "The stated leg is not the matrix's.")


def _span(line: Line, times: RouteTimes) -> Iterator[Breach]:
    shift = line.shift
    if line.fixed and times.depart != line.first:
        yield _wrong(shift, "", times.depart - line.first, "It does not set off when it did.")
    if not line.fixed and times.depart < shift.start:
        yield Breach("shift_start", shift.id, "", shift.start - times.depart, "It departs before the shift starts.")
    if times.finish > shift.end:
        yield Breach("shift_end", shift.id, "", times.finish - shift.end, "It finishes after the shift's end.")
    if shift.max_duration is not None and times.finish - times.depart > shift.max_duration:
        over = times.finish - times.depart - shift.max_duration
        yield Breach("max_duration", shift.id, "", over, f"{over} s more than the shift's {shift.max_duration} s.")


def _released(line: Line, route: Route, times: RouteTimes) -> Iterator[Breach]:
    """No trip begins to load before all that it delivers is there."""
    begins = [times.depart, *(halt.start for halt in times.reloads)]
    release = {step.name: step.visit.release for step in line.steps if step.visit}
    for begin, trip in zip(begins, route.trips(), strict=True):
        for name in trip:
            early = release[name] - begin
            if early > 0:
                text = f"It departs {early} s before its goods are released."
                yield Breach("release", line.shift.id, name, early, text)


def _halt(line: Line, step: Step, stop: StopTimes, rests: list[BreakTimes]) -> Iterator[Breach]:
    """Arrival, rests, waiting, service and rests follow each other and do not overlap."""
    shift, now = line.shift, stop.arrive
    for rest in sorted((rest for rest in rests if not rest.after_service), key=lambda rest: rest.start):
        if rest.start < now:
            yield _wrong(shift, step.name, now - rest.start, "A break begins before it can.")
        now = rest.end
    if stop.start < now:
        yield _wrong(shift, step.name, now - stop.start, "Service begins before it can.")
    rested = sum(rest.end - rest.start for rest in rests if not rest.after_service)
    if stop.wait != stop.start - stop.arrive - rested:
        yield _wrong(shift, step.name, stop.wait, "The stated wait is not the time between arrival and service.")
    now = stop.start + step.work
    for rest in sorted((rest for rest in rests if rest.after_service), key=lambda rest: rest.start):
        if rest.start < now:
            yield _wrong(shift, step.name, now - rest.start, "A break begins before service is over.")
        now = rest.end
    if stop.leave != now:
        yield _wrong(shift, step.name, stop.leave - now, "It does not drive off when service and breaks are over.")


def _window(shift: Shift, step: Step, stop: StopTimes) -> Iterator[Breach]:
    windows = step.visit.windows if step.visit else ()
    if windows and not any(window.start <= stop.start <= window.end for window in windows):
        late = stop.start - max(window.end for window in windows)
        miss = min(max(window.start - stop.start, stop.start - window.end) for window in windows)
        text = f"Service begins {late} s after the last window." if late > 0 else "Service begins outside every window."
        yield Breach("time_window", shift.id, step.name, late if late > 0 else miss, text)
    if step.locked:
        miss = max(step.locked.start - stop.start, stop.start - step.locked.end)
        if miss > 0:
            text = f"Service begins {miss} s outside the window that it is locked to."
            yield Breach("lock_window", shift.id, step.name, miss, text)


def _breaks(line: Line, times: RouteTimes) -> Iterator[Breach]:
    """Each break of the shift is on the route once and in its span, or can be taken before or after the route."""
    shift = line.shift
    stated = {rest.index: rest for rest in times.breaks}
    known = len(stated) == len(times.breaks) and all(0 <= index < len(shift.breaks) for index in stated)
    if not known or line.taken & set(stated):
        yield _wrong(shift, "", 0, "A break is stated twice, was taken before, or is none of the shift's.")
        return
    for index, rest in enumerate(shift.breaks):
        taken = stated.get(index)
        if taken is None:
            before = not line.fixed and times.depart >= max(shift.start, rest.earliest) + rest.duration
            if index not in line.taken and not before and times.finish > rest.latest:
                late = times.finish - rest.latest
                text = f"Break {index + 1} is not taken; the route is {late} s too long."
                yield Breach("break", shift.id, "", late, text)
            continue
        if taken.end - taken.start != rest.duration or not 0 <= taken.position < len(times.stops):
            over = taken.end - taken.start - rest.duration
            yield _wrong(shift, "", over, f"Break {index + 1} is not as long as it must be.")
        miss = max(rest.earliest - taken.start, taken.start - rest.latest)
        if miss > 0:
            yield Breach("break", shift.id, "", miss, f"Break {index + 1} begins {miss} s outside its span.")


def _stretches(line: Line, times: RouteTimes) -> Iterator[Breach]:
    longest = line.shift.longest_stretch
    if longest is None:
        return
    rests = sorted(times.breaks, key=lambda rest: rest.start)
    ends = [times.depart, *(rest.end for rest in rests)]
    for since, until in zip(ends, [*(rest.start for rest in rests), times.finish], strict=True):
        if until - since > longest:
            over = until - since - longest
            text = f"It works {over} s longer without a break than it may."
            yield Breach("longest_stretch", line.shift.id, "", over, text)


def _rides(line: Line, times: RouteTimes) -> Iterator[Breach]:
    stops = {stop.visit: stop for stop in times.stops}
    for taken, given, limit, name in line.rides:
        over = stops[name].start - stops[line.steps[taken].name].leave - limit
        if over > 0 and line.steps[given].name == name:
            yield Breach("max_ride", line.shift.id, name, over, f"The goods ride {over} s longer than they may.")


def _sums(line: Line, times: RouteTimes) -> Iterator[Breach]:
    """Totals say what the parts do."""
    shift, now, seconds, meters = line.shift, times.depart + line.loading, 0, 0
    leaves = [(stop.arrive, stop.leave) for stop in times.stops] + [(halt.arrive, halt.leave) for halt in times.reloads]
    for step, (_, left) in zip(line.steps, [*sorted(leaves), (0, 0)], strict=True):
        seconds += line.arrive(step, now) - now
        meters += line.meters(step, now)
        now = left
    unpaid = sum(
        rest.end - rest.start
        for rest in times.breaks
        if rest.index < len(shift.breaks) and not shift.breaks[rest.index].paid
    )
    totals = (
        ("seconds", times.seconds, seconds),
        ("meters", times.meters, meters),
        ("paid", times.paid, times.finish - times.depart - unpaid),
        ("overtime", times.overtime, max(0, times.finish - shift.end)),
    )
    for name, stated, summed in totals:
        if stated != summed:
            yield _wrong(shift, "", stated - summed, f"The stated {name} are not the sum of the parts.")


def _wrong(shift: Shift, visit: str, amount: int, text: str) -> Breach:
    return Breach("times", shift.id, visit, amount, text)
