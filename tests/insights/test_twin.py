"""A day played in one process: what happens in it, what is counted, and that policies meet the same day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import numpy as np
import pytest

from homestretch.insights.twin.conduct import INSERT, SEARCH, STAND, Conduct, full
from homestretch.insights.twin.desk import moves
from homestretch.insights.twin.driving import Driven, Stop
from homestretch.insights.twin.foreseeing import expected
from homestretch.insights.twin.ledger import Ledger
from homestretch.insights.twin.playing import Day
from homestretch.insights.twin.scene import Job, Scene, Van
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.goals import stability_cost
from homestretch.planner.problem import Goals, Matrix, Plan, Problem, Route, Shift, Stability, Travel, Visit
from homestretch.planner.schedule import schedule
from homestretch.planner.stopping import Iterations

EIGHT = datetime(2027, 3, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STREET_M = 1000  # from one door of the street to the next
QUIET = Conduct(SEARCH, until=partial(Iterations, 3))


def door(number: float) -> Point:
    """The doors of one long street."""
    return Point(50 + number / 111.195, 6.0)


def numbered(number: int) -> UUID:
    return UUID(int=number)


class Street:
    """A kilometer takes two minutes."""

    def table(self, points: Sequence[Point], _: str, __: datetime) -> Matrix:
        at = np.array([point.lat for point in points]) * 111.195
        far = np.abs(at[:, None] - at[None])
        return Matrix(np.rint(120 * far).astype(np.int64), np.rint(STREET_M * far).astype(np.int64))


@dataclass
class AsTold:
    """What is believed is true, but for what is said here."""

    slow: float = 1.0
    absent: frozenset[UUID] = frozenset()
    down: dict[UUID, datetime] = field(default_factory=dict)

    def leg(self, _: UUID, start: Point, end: Point, at: datetime) -> tuple[int, int]:
        table = Street().table([start, end], "van", at)
        return round(self.slow * int(table.durations[0, 1])), int(table.distances[0, 1])

    def service(self, _: UUID, job: Job) -> int:
        return job.service_s

    def fails(self, job: Job, attempt: int) -> str:
        return "recipient_absent" if job.id in self.absent and not attempt else ""

    def turned_away(self, _: Job, __: int) -> int:
        return 120

    def breaks_down(self, van: UUID) -> datetime | None:
        return self.down.get(van)


def job(number: int, at: float, *, kind: str = "collect", **more: object) -> Job:
    return Job(numbered(number), numbered(number), kind, door(at), 300, **more)  # type: ignore[arg-type]


def scene(truth: AsTold | None = None, *, more: Sequence[Job] = (), late_s: int = 1800) -> Scene:
    """Two vans at the middle of the street: one serves doors 1 to 4, the other doors -1 to -4."""
    vans = tuple(
        Van(numbered(100 + n), f"Van {n}", door(0), door(0), EIGHT, EIGHT + timedelta(hours=8)) for n in (1, 2)
    )
    jobs = [job(n, n if n <= 4 else 4 - n) for n in range(1, 9)]
    routes = {vans[0].id: tuple(map(numbered, range(1, 5))), vans[1].id: tuple(map(numbered, range(5, 9)))}
    planned = {numbered(n): EIGHT + (2 + 7 * ((n - 1) % 4)) * MINUTE for n in range(1, 9)}
    return Scene(vans, (*jobs, *more), routes, planned, Street(), truth or AsTold(), early_s=600, late_s=late_s)


@pytest.mark.parametrize("conduct", [Conduct(STAND), Conduct(INSERT), QUIET, full(QUIET)])
def test_a_day_that_goes_as_planned_keeps_every_promise_and_moves_nothing(conduct: Conduct) -> None:
    measures = Day(scene(), conduct).play()
    assert (measures.promises, measures.broken_promises, measures.on_time, measures.unreached) == (8, 0, 1.0, 0)
    assert (measures.stops_moved, measures.messages, measures.changes) == (0, 0, 0)
    assert measures.km == pytest.approx(16, abs=0.1)


def test_where_nothing_is_replanned_what_stands_with_a_broken_vehicle_is_broken() -> None:
    day = scene(AsTold(down={numbered(101): EIGHT + 5 * MINUTE}))
    measures = Day(day, Conduct(STAND)).play()
    assert measures.unreached == measures.broken_promises == 3
    assert measures.km < 16


@pytest.mark.parametrize("conduct", [Conduct(INSERT), QUIET])
def test_another_van_takes_over_what_stands_with_a_broken_one(conduct: Conduct) -> None:
    day = Day(scene(AsTold(down={numbered(101): EIGHT + 5 * MINUTE}), late_s=3600), conduct)
    measures = day.play()
    assert (measures.unreached, measures.changes) == (0, 1)
    assert day.vans[numbered(101)].state == "down"
    assert not day.vans[numbered(102)].ahead


def test_goods_of_a_broken_vehicle_are_taken_up_where_it_stands() -> None:
    day = scene(AsTold(down={numbered(101): EIGHT + 8 * MINUTE}), late_s=7200)
    loaded = replace(day, jobs=tuple(replace(each, kind="deliver") for each in day.jobs))
    played = Day(loaded, QUIET)
    reached: list[Point] = []
    arrive = played._arrive
    played._arrive = lambda event, van: (reached.append(van.ahead[0].point), arrive(event, van))  # type: ignore[method-assign]
    assert played.play().unreached == 0
    met = [point for point in reached if point not in {each.point for each in day.jobs}]
    assert len(met) == 1
    assert door(1).lat <= met[0].lat <= door(2).lat
    assert reached.index(met[0]) < min(reached.index(door(n)) for n in (2, 3, 4))


def test_who_was_absent_is_tried_again_but_where_nothing_is_replanned() -> None:
    absent = scene(AsTold(absent=frozenset({numbered(2)})))
    stood, played = Day(absent, Conduct(STAND)), Day(absent, QUIET)
    stood.play()
    played.play()
    assert stood.ledger.changes == 0
    assert played.ledger.changes == 1
    assert played.ledger.reached[numbered(2)] == (EIGHT + 9 * MINUTE, False)  # the first attempt counts


def test_a_break_is_taken_once_on_the_drive_that_is_under_way() -> None:
    day = scene()
    resting = replace(day.vans[0], rests=((EIGHT + 8 * MINUTE, 1200),))  # it drives from the first door to the second
    played = Day(replace(day, vans=(resting, day.vans[1])), Conduct(STAND))
    played.play()
    reached = {number: played.ledger.reached[numbered(number)][0] for number in range(1, 5)}
    assert reached == {n: EIGHT + (2 + 7 * (n - 1) + (20 if n > 1 else 0)) * MINUTE for n in range(1, 5)}
    assert {taken for taken, _ in played.vans[resting.id].legs} == {120}  # it is no slow drive


def urgent(number: int, at: float, minute: int, within: int = 40) -> Job:
    known = EIGHT + minute * MINUTE
    return job(number, at, known_at=known, promise=Window(known, known + within * MINUTE))


def test_what_comes_in_goes_to_the_end_or_between() -> None:
    day = scene(more=[urgent(9, 2.5, 1, within=15)])
    stood, put_in = Day(day, Conduct(STAND)), Day(day, Conduct(INSERT))
    assert stood.play().unreached == put_in.play().unreached == 0
    assert stood.ledger.reached[numbered(9)][0] > put_in.ledger.reached[numbered(9)][0]
    assert put_in.ledger.stops_moved == 0


def test_a_promise_at_risk_is_answered_by_search_alone() -> None:
    late = AsTold(slow=3.0)
    windows = {4: Window(EIGHT, EIGHT + 25 * MINUTE)}
    day = scene(late, late_s=900)
    day = replace(
        day,
        jobs=tuple(
            replace(each, windows=(windows[each.id.int],)) if each.id.int in windows else each for each in day.jobs
        ),
    )
    assert Day(day, Conduct(STAND)).play().changes == 0
    assert Day(day, QUIET).play().changes > 0


def test_the_same_day_is_the_same_again() -> None:
    day = scene(AsTold(slow=2.0), more=[urgent(9, 2.5, 1), urgent(10, -3.5, 12)], late_s=600)
    assert Day(day, QUIET).play() == Day(day, QUIET).play()


def test_a_window_that_is_taken_back_is_broken_even_if_it_is_met() -> None:
    ledger, task = Ledger(), numbered(1)
    ledger.promise(task, Window(EIGHT, EIGHT + 60 * MINUTE))
    ledger.tell(task, Window(EIGHT + 50 * MINUTE, EIGHT + 90 * MINUTE))
    ledger.reach(task, EIGHT + 55 * MINUTE, done=True)
    measures = ledger.measures(0, 1)
    assert (measures.broken_promises, measures.on_time, measures.messages) == (1, 1.0, 1)


def test_of_several_attempts_the_first_settles_the_promise() -> None:
    ledger, task = Ledger(), numbered(1)
    ledger.promise(task, Window(EIGHT, EIGHT + 60 * MINUTE))
    ledger.reach(task, EIGHT + 10 * MINUTE, done=False)
    ledger.reach(task, EIGHT + 90 * MINUTE, done=True)
    assert ledger.measures(0, 1).broken_promises == 0
    assert ledger.standing(task) is None


def test_moves_are_what_the_planner_has_a_price_for() -> None:
    before = {"a": ["1", "2", "3", "4"], "b": ["5", "6"]}
    after = {"a": ["2", "1", "4", "5"], "b": ["6", "3", "m:9", "9"]}
    names = [str(n) for n in (1, 2, 3, 4, 5, 6, 9)] + ["m:9"]
    kept = Stability(Plan(tuple(Route(s, tuple(v)) for s, v in before.items())), {}, 1, 1, 0)
    problem = Problem(
        tuple(Visit(name, 0) for name in names),
        tuple(Shift(name, 0, 0, 0, 1000) for name in before),
        Travel({"van": Matrix([[0]], [[0]])}),
        Goals(stability=kept),
    )
    priced = sum(stability_cost(problem, schedule(problem, Route(s, tuple(v)))) for s, v in after.items())
    assert moves(before, after) == priced == 5


def test_without_a_model_a_stop_is_expected_when_the_plan_says() -> None:
    day = scene()
    van = Driven(day.vans[0], [Stop(each.id, each.point, each.service_s, each) for each in day.jobs[:4]])
    assert dict(expected([van], day.roads, day.times, EIGHT)) == {
        numbered(n): EIGHT + (2 + 7 * (n - 1)) * MINUTE for n in range(1, 5)
    }
