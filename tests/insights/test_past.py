"""A day that was driven is read from the log as it was, played again near to what it was, and under other terms."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.values import STRICT, StopOutcome
from homestretch.doors.cli import twin as command
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.insights.queries import past
from homestretch.insights.twin.comparing import Other, compared
from homestretch.insights.twin.past import Past, apart_s, driven_again, fleet_of, happened, wider
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions as orders
from homestretch.planner.stopping import Iterations
from homestretch.plans import actions as plans
from homestretch.recovery.rules.proposing import POLICY
from tests.town.dispatch import an_owner, as_driver
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)
SLOW, LONG = 1.4, 1.5  # drives and services against the plan's
MINUTE = timedelta(minutes=1)
FEW = partial(Iterations, 5)
DONE = StopOutcome(left_with="recipient")


def released(by: Actor, count: int, *, vehicles: int = 2) -> tuple[list[Any], list[Any]]:
    """The orders of a day, six of which fill a van, and the routes that are on the road with them."""
    a_fleet(by, vehicles=vehicles)
    wanted = [an_order(by, number, task={"loads": {"pieces": 6}}) for number in range(1, count + 1)]
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    return wanted, list(dispatch.release(plan.id, 1, by=by, at=AT))


def drive(by: Actor, route: Any, *, absent: Sequence[Any] = (), pause: tuple[int, timedelta] | None = None) -> datetime:
    """A route driven to its end, each drive and service longer than planned; `pause` before one of its stops."""
    driver = as_driver(by, route.driver_id)
    with scope(by):
        at = plan_left = routes.route(route.id).planned_start
        stops = [stop for stop in routes.stops_of(route.id) if stop.state == "planned"]
    dispatch.start_route(route.id, by=driver, at=at)
    for number, stop in enumerate(stops):
        if pause is not None and pause[0] == number:
            dispatch.start_break(route.id, by=driver, at=at)
            dispatch.end_break(route.id, by=driver, at=at + pause[1])
            at += pause[1]
        at += SLOW * (stop.planned_arrive - plan_left)
        dispatch.arrive_stop(stop.id, by=driver, at=at)
        at += timedelta(seconds=LONG * stop.service_s)
        with scope(by):
            (order,) = {work.order_id for work in stop.works.all()}
        if order in absent:
            dispatch.fail_stop(stop.id, StopOutcome(reason="recipient_absent"), by=driver, at=at)
        else:
            dispatch.complete_stop(stop.id, DONE, by=driver, at=at)
        dispatch.depart_stop(stop.id, by=driver, at=at)
        plan_left = stop.planned_leave
    dispatch.finish_route(route.id, by=driver, at=at + 20 * MINUTE)
    return at


def read(by: Actor, at: datetime = LATER) -> Past:
    with scope(system(by.organization_id)):
        return past(DAY, at)


@pytest.fixture
def by() -> Actor:
    return an_owner()


@pytest.fixture
def day(by: Actor) -> Past:
    """Twelve orders fill two vans. One is called off, one more comes in, one recipient is absent."""
    _, (first, second) = released(by, 12)
    with scope(by):
        gone = routes.stops_of(second.id)[0].works.get().order
        absent = routes.stops_of(first.id)[1].works.get().order_id
    orders.cancel_order(gone.id, "recipient_wish", by=by, at=AT + MINUTE)
    dispatch.take_off_cancelled(gone.id, by=by, at=AT + MINUTE)
    late = an_order(by, 20, at=AT + 10 * MINUTE)
    with scope(by):
        task = late.tasks.get()
    dispatch.add_task(second.id, task.id, by=by, at=AT + 12 * MINUTE)
    for route in (first, second):
        drive(by, route, absent=[absent], pause=(2, 30 * MINUTE))
    return read(by)


def test_a_day_is_read_as_it_was_released(by: Actor, day: Past) -> None:
    scene = day.scene
    assert {van.name for van in scene.vans} == {"Van 1", "Van 2"}
    assert all(van.capacity == {"pieces": 40} and van.costs == (0, 3000, 40) for van in scene.vans)
    assert (len(scene.jobs), day.left_out) == (12, 1)
    (late,) = [job for job in scene.jobs if job.known_at is not None]
    assert late.known_at == AT + 10 * MINUTE
    sets_out = {task for tasks in scene.routes.values() for task in tasks}
    assert sets_out == {job.id for job in scene.jobs} - {late.id}
    with scope(by):
        for route in routes.routes_on(DAY):
            stood = [work.task_id for stop in routes.stops_of(route.id) for work in stop.works.all()]
            assert [task for task in stood if task in sets_out] == list(scene.routes[route.id])
    for job in scene.jobs:
        if job is late:  # a dispatcher put it on the route, and promised nothing
            assert job.promise is None
        else:
            assert job.promise == day.chains[job.id][0].window
            assert job.promise.holds(scene.planned[job.id])


def test_what_was_seen_is_true_and_what_nobody_drove_is_reckoned_from_it(day: Past) -> None:
    truth, van = day.truth, day.scene.vans[0]
    jobs = {job.id: job for job in day.scene.jobs}
    halts = [halt for halt in day.halts if halt.van == van.id]
    one, other = halts[3], halts[4]
    seconds, _ = truth.leg(van.id, one.point, other.point, one.left)
    assert seconds == pytest.approx((other.arrived - one.left).total_seconds(), abs=1)
    assert truth.service(van.id, jobs[one.tasks[0]]) == one.seconds
    unseen = (halts[0].point, halts[3].point)
    usual, _ = day.scene.roads.table(unseen, "van", one.left).durations[0, 1], None  # type: ignore[union-attr]
    assert truth.leg(van.id, *unseen, one.left)[0] == pytest.approx(SLOW * int(usual), rel=0.15)
    assert truth.asked == {"seen": 1, "reckoned": 1}
    (failed,) = [halt for halt in day.halts if not halt.done]
    assert truth.fails(jobs[failed.tasks[0]], 0) == truth.fails(jobs[failed.tasks[0]], 1) == "recipient_absent"
    assert not any(truth.fails(job, 0) for job in jobs.values() if job.id != failed.tasks[0])


def test_played_as_it_was_driven_a_day_is_what_it_was(day: Past) -> None:
    real, again = happened(day), driven_again(day)
    played = again.play()
    half, most = apart_s(day, again)
    assert half <= 5
    assert most <= 10  # whole seconds, of many drives
    assert (played.promises, played.broken_promises, played.on_time) == (11, real.broken_promises, real.on_time)
    assert played.km == pytest.approx(real.km, rel=0.02)
    assert again.scene.truth.seen == pytest.approx(11 / 13, abs=0.1)  # but for the ways home


def test_a_break_is_the_drivers_and_no_drive_lasts_longer_for_it(day: Past) -> None:
    assert all([seconds for _, seconds in van.rests] == [1800] for van in day.scene.vans)
    assert max(way.seconds for ways in day.truth.ways.values() for way in ways) < 900


def test_a_second_attempt_is_another_one(by: Actor) -> None:
    _, (first, second) = released(by, 12)
    with scope(by):
        work = routes.stops_of(first.id)[0].works.get()
    at = drive(by, first, absent=[work.order_id])
    full = replace(STRICT, accept_breaches=True)
    dispatch.add_task(second.id, work.task_id, terms=full, by=by, at=at)
    drive(by, second)
    day = read(by)
    tried = [halt for halt in day.halts if work.task_id in halt.tasks]
    assert [halt.van for halt in tried] == [first.id, second.id]
    assert [name == work.task_id for halt in tried for name in halt.names] == [True, False]
    (job,) = [job for job in day.scene.jobs if job.id == work.task_id]
    assert [day.truth.fails(job, attempt) for attempt in range(3)] == ["recipient_absent", "", ""]
    again = driven_again(day)
    assert again.play().unreached == 0
    assert apart_s(day, again)[1] <= 10


def test_a_van_that_broke_down_does_so_whoever_replans_the_day(by: Actor) -> None:
    _, (first, second) = released(by, 10)
    drive(by, second)
    driver = as_driver(by, first.driver_id)
    with scope(by):
        stop, *others = routes.stops_of(first.id)
    dispatch.start_route(first.id, by=driver, at=AT + MINUTE)
    dispatch.fail_stop(stop.id, StopOutcome(reason="vehicle_breakdown"), by=driver, at=AT + 2 * MINUTE)
    dispatch.finish_route(first.id, by=driver, at=AT + 5 * 60 * MINUTE)
    day = read(by)
    assert day.truth.breaks_down(first.id) == AT + 2 * MINUTE
    assert day.truth.breaks_down(second.id) is None
    assert happened(day).unreached == 1 + len(others)
    rows = compared(day, Other(policies=("none", "ours")), POLICY, FEW)["rows"]
    assert [row["unreached"] for row in rows[:3]] == [1 + len(others)] * 3
    assert rows[3]["unreached"] < rows[2]["unreached"]


def test_fewer_vans_break_more_promises_of_a_full_day(day: Past) -> None:
    whole = compared(day, Other(policies=("greedy",)), POLICY, FEW, FEW)["rows"]
    assert [row["row"] for row in whole] == ["happened", "as driven", "greedy"]
    fewer = compared(day, Other(vans=1, policies=("greedy",)), POLICY, FEW, FEW)["rows"]
    assert fewer[:2] == whole[:2]
    assert fewer[2]["promises"] == whole[2]["promises"] == 11
    assert fewer[2]["broken_promises"] >= whole[2]["broken_promises"] + 5  # what the one van has no room for
    more = compared(day, Other(vans=3, policies=("greedy",)), POLICY, FEW, FEW)["rows"]
    assert more[2]["broken_promises"] <= whole[2]["broken_promises"]


def test_wider_windows_break_fewer_promises(day: Past) -> None:
    near = {task: chain[0].window.start for task, chain in day.chains.items()}
    tight = replace(
        day.scene,
        jobs=tuple(
            replace(job, promise=Window(near[job.id], near[job.id] + MINUTE)) if job.promise else job
            for job in day.scene.jobs
        ),
    )
    rows = [
        compared(replace(day, scene=tight), Other(wider=by, policies=("none",)), POLICY, FEW)["rows"][2]
        for by in (timedelta(), 180 * MINUTE)
    ]
    assert rows[0]["broken_promises"] > rows[1]["broken_promises"]
    assert wider(tight, timedelta()) == tight


def test_vans_are_left_out_by_name(day: Past) -> None:
    vans = day.scene.vans
    assert [van.name for van in fleet_of(vans, None, ["Van 1"])] == ["Van 2"]
    assert [van.name for van in fleet_of(vans, 3, [])] == ["Van 1", "Van 2", "Van 1 +1"]
    for count, without, code in (
        (None, ["Van 9"], "vehicle_unknown"),
        (0, [], "no_vans"),
        (2, ["Van 1", "Van 2"], "no_vans"),
    ):
        with pytest.raises(Refusal, match=f"twin.{code}"):
            fleet_of(vans, count, without)
    with pytest.raises(Refusal, match=r"twin\.wider_invalid"):
        compared(day, Other(wider=-MINUTE), POLICY, FEW)


def test_a_day_without_routes_and_one_that_goes_on_are_refused(by: Actor) -> None:
    with pytest.raises(Refusal, match=r"twin\.no_routes"):
        read(by)
    _, made = released(by, 2)
    with pytest.raises(Refusal, match=r"twin\.day_running"):
        read(by, AT + timedelta(hours=9))
    assert read(by).halts == ()  # nobody drove, and the day is over: all of it is reckoned
    dispatch.recall(made[0].id, by=by, at=AT)
    with pytest.raises(Refusal, match=r"twin\.no_routes"):
        read(by)


def test_the_day_of_another_organization_is_not_seen(by: Actor, day: Past) -> None:
    stranger = an_owner("Parcels next door")
    with pytest.raises(Refusal, match=r"twin\.no_routes"):
        read(stranger)
    _, (route,) = released(stranger, 1, vehicles=1)
    drive(stranger, route)
    theirs = read(stranger)
    assert len(theirs.scene.jobs) == 1
    assert not {job.id for job in theirs.scene.jobs} & {job.id for job in read(by).scene.jobs}


def test_the_command_writes_a_table_or_json_and_nothing_else(by: Actor, day: Past, capsys: Any, settings: Any) -> None:
    def ran(*words: str) -> str:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        parser.add_argument("--json", action="store_true")
        assert command.run(parser.parse_args([*words, "--search-s", "0.02"])) == 0
        return str(capsys.readouterr().out)

    with scope(by):
        before = Event.objects.count()
    told = json.loads(ran(DAY.isoformat(), "--policy", "none", "ours", "--json"))
    assert [row["row"] for row in told["rows"]] == ["happened", "as driven", "none", "ours"]
    assert told["rows"][0]["seen"] is told["rows"][0]["stops_moved"] is None
    assert (told["day"], told["vans"], told["tasks"], told["came_in"], told["left_out"]) == ("2026-11-23", 2, 12, 1, 1)
    table = ran(DAY.isoformat(), "--policy", "none")
    assert "as driven" in table
    assert not any(word in table for word in ("Rosa", "Mill Lane", "+352"))
    with scope(by):
        assert Event.objects.count() == before
    an_owner("Parcels next door")
    with pytest.raises(Refusal, match=r"organization\.unclear"):
        ran(DAY.isoformat())
