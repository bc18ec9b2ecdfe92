"""How sure a plan is before its release: by the model that serves, against what a release would promise."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from homestretch.accounts.models import Organization
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.models import Stop
from homestretch.dispatch.rules.releasing import promise
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.planner import problem as planner
from homestretch.planner.odds import margin_of
from homestretch.planner.odds.doubt import drawn
from homestretch.planner.schedule import schedule
from homestretch.plans import actions, queries
from homestretch.plans.rules.odds import doubt_of, dues
from homestretch.travel.rules.timing import Part, Times, built_in
from tests.plans.test_plans import solved
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.town.organizations import an_organization
from tests.town.places import AT
from tests.work import run_jobs


def test_what_is_not_learned_yet_is_what_tracking_takes() -> None:
    doubt = doubt_of(built_in())
    assert (doubt.ways.low, doubt.ways.high, doubt.ways.day_sd) == pytest.approx((-0.28, 0.42, 0.22))
    assert (doubt.services.low, doubt.services.high, doubt.services.route_sd) == pytest.approx((-0.70, 0.85, 0.25))


def test_what_was_learned_of_all_days_has_their_pace_in_it_once() -> None:
    forest: Any = object()
    ways = doubt_of(Times(Part((-0.4, 0.1, 0.6), 0.2, 0.1, forest=forest), built_in().services)).ways
    draws = drawn(0, 1, samples=40_000, seed=1)
    more = ways.beyond(100_000, draws.ways, draws.own[0, 0])
    found = np.log1p(np.quantile(more, (0.1, 0.5, 0.9)) / 100_000)
    assert np.allclose(found, (-0.4, 0.1, 0.6), atol=0.02)
    sure = doubt_of(Times(Part((0.0, 0.0, 0.1), 0.2, 0.1, forest=forest), built_in().services)).ways
    assert sure.high - sure.middle == pytest.approx(0.02)


def test_a_stop_is_due_when_a_release_would_promise_it() -> None:
    windows = [(0, 10_000), (20_000, 30_000)], [], [(0, 400)]
    visits = [
        planner.Visit(f"v{n}", n + 1, tuple(planner.Window(*span) for span in spans), service=60)
        for n, spans in enumerate(windows)
    ]
    matrix = planner.Matrix([[abs(a - b) * 300 for b in range(5)] for a in range(5)], np.zeros((5, 5), int))
    shift = planner.Shift("van", 0, 0, 0, 30_000)
    problem = planner.Problem(visits, [shift], planner.Travel({"van": matrix}))
    times = schedule(problem, planner.Route("van", ("v0", "v1", "v2")))
    found = dues(problem, times, 3600)
    assert times.stops[2].late > 0
    assert found["v2"] == 400
    for stop in times.stops[:2]:
        spans = [(AT + timedelta(seconds=a), AT + timedelta(seconds=b)) for a, b in windows[int(stop.visit[1])]]
        owed = promise(AT + timedelta(seconds=stop.start), [Window(*span) for span in spans], 1800, 3600)
        assert AT + timedelta(seconds=found[stop.visit]) == owed.end


@pytest.fixture
def us(db: Any) -> Actor:
    by = an_organization()
    a_fleet(by)
    orders(by)
    return by


def test_a_plan_says_how_sure_it_is_and_says_the_same_again(us: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = solved(us)
    with scope(us):
        first = queries.odds(plan.id)
        module = import_module("homestretch.plans.queries.odds")
        monkeypatch.setattr(module.planner, "odds", None)  # what is known is not reckoned again
        assert queries.odds(plan.id, 1) == first
    assert (first.number, first.model, first.samples, first.odds.stops) == (1, 0, 500, 12)
    assert 0 < first.odds.kept <= 12


def test_a_narrower_promise_is_kept_less_often(us: Actor) -> None:
    plan = solved(us)
    with scope(us):
        wide = queries.odds(plan.id).odds.kept
        Organization.objects.filter(id=us.organization_id).update(promise_late_s=0)
        assert queries.odds(plan.id).odds.kept < wide


def test_of_a_plan_that_is_not_solved_nothing_is_said(us: Actor) -> None:
    plan = actions.ask(DAY, [], options={"seconds": 1}, by=us, at=AT)
    with scope(us), pytest.raises(Refusal, match="no revision|not solved|solved"):
        queries.odds(plan.id)


def test_a_plan_on_longer_times_keeps_more_promises_and_tells_what_services_take_by_themselves(us: Actor) -> None:
    usual, sure = solved(us), solved(us, quantile=90)
    with scope(us):
        Organization.objects.filter(id=us.organization_id).update(promise_late_s=0)
        bare, longer = queries.revision(usual.id), queries.revision(sure.id)
        kept = [queries.odds(plan.id).odds.kept for plan in (usual, sure)]
    assert bare.margin is None
    assert longer.margin == margin_of(doubt_of(built_in()), 90)
    assert kept[1] > kept[0] + 1
    for view, least in ((bare, 1.0), (longer, 1.3)):
        for stop in (stop for route in view.routes for stop in route.stops):
            assert stop.leave - stop.start >= least * timedelta(seconds=stop.service_s)
    services = [
        {stop.place_id: stop.service_s for route in view.routes for stop in route.stops} for view in (bare, longer)
    ]
    assert services[0] == services[1]
    bare_s, longer_s = (
        {stop.place_id: stop.service_s for route in view.routes for stop in route.stops} for view in (bare, longer)
    )
    assert bare_s == longer_s
    assert not longer.breaches


def test_a_plan_that_is_edited_or_searched_on_keeps_its_margin(us: Actor) -> None:
    plan = solved(us, quantile=80)
    actions.optimize(plan.id, 1, options={"seconds": 1}, by=us, at=AT)
    run_jobs()
    with scope(us):
        views = [queries.revision(plan.id, number) for number in range(1, queries.plan(plan.id).head + 1)]
    assert {view.margin.quantile for view in views if view.margin} == {80}
    assert not views[-1].breaches


@pytest.mark.parametrize("quantile", [-1, 49, 96, 100])
def test_a_share_of_days_that_cannot_be_planned_for_is_refused(us: Actor, quantile: int) -> None:
    with pytest.raises(Refusal) as refused:
        actions.ask(DAY, [], options={"quantile": quantile}, by=us, at=AT)
    assert (refused.value.code, refused.value.field) == ("plan.quantile_invalid", "quantile")


def test_a_released_route_of_such_a_plan_is_promised_by_its_longer_times_and_driven_by_its_own(us: Actor) -> None:
    plan = solved(us, quantile=90)
    with scope(us):
        view = queries.revision(plan.id)
    dispatch.release(plan.id, 1, by=us, at=AT)
    with scope(us):
        planned = {stop.place_id: stop for route in view.routes for stop in route.stops}
        stops = list(Stop.objects.all())
        assert {stop.place_id for stop in stops} == set(planned)
        assert all(stop.service_s == planned[stop.place_id].service_s for stop in stops)
        assert all(stop.planned_leave == planned[stop.place_id].leave for stop in stops)
