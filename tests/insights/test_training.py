"""Facts of days become a model, which serves if it is better than what served, and is taken back by one command."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from bench.eta_days import EPOCH_DAY, FIRST_DAY, Size, made_days
from homestretch.doors.cli import learned as command
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.insights import trained
from homestretch.insights.models import EtaFact, HaltFact, LegFact
from homestretch.insights.queries.driven import driven
from homestretch.insights.training.replaying import replayed
from homestretch.insights.training.training import verdict
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from homestretch.tracking.models import DepotWidth
from homestretch.travel import queries as travel
from tests.town.dispatch import an_owner
from tests.town.places import AT

pytestmark = pytest.mark.django_db
DAYS, TOWNS, STOPS = 24, 2, 14


def moment(seconds: float) -> datetime:
    """The made days end on the day before the town's."""
    shift = (AT.date().toordinal() - FIRST_DAY - DAYS) * 86_400
    return datetime.fromtimestamp(round(seconds + shift), UTC)


@pytest.fixture
def by() -> Any:
    """An organization with the facts of some weeks."""
    owner = an_owner()
    days = made_days(3, Size(towns=TOWNS, days=DAYS, routes=3, stops=STOPS))
    ids: dict[str, Any] = {}
    with scope(owner):
        facts = [fact for route in range(len(days.day)) for fact in facts_of(days, route, ids)]
        LegFact.objects.bulk_create(leg for leg, _ in facts)
        HaltFact.objects.bulk_create(halt for _, halt in facts)
    return system(owner.organization_id)


def facts_of(days: Any, route: int, ids: dict[str, Any]) -> Any:
    """The legs and halts of a made route, as rows."""
    day, route_id = date.fromordinal(int(days.day[route]) + AT.date().toordinal() - FIRST_DAY - DAYS), uuid7()
    for n in range(STOPS):
        arrived, left, gone = (moment(getattr(days, name)[route, n]) for name in ("arrived", "left", "gone"))
        opens = days.opens[route, n, 0]
        windows = [] if np.isinf(opens) else [{"start": iso(moment(opens)), "end": iso(moment(opens + 36_000))}]
        leg = LegFact(
            day=day,
            route_id=route_id,
            profile="van",
            straight_m=1000,
            hour=left.hour,
            stop_id=uuid7(),
            cell_from=days.names["cell_from"][route, n],
            cell_to=days.names["cell_to"][route, n],
            seconds=round((arrived - left).total_seconds()),
            left_at=left,
            weather=days.names["weather"][route, n],
            planned_s=max(1, round(days.leg_plan_s[route, n])),
            planned_m=round(days.leg_m[route, n]),
        )
        yield (
            leg,
            HaltFact(
                day=day,
                stop_id=leg.stop_id,
                route_id=route_id,
                outcome="completed",
                planned_arrive=arrived,
                driver_id=ids.setdefault(days.driver[route], uuid7()),
                depot_id=ids.setdefault(days.depot[route], uuid7()),
                place_id=ids.setdefault(days.place[route, n], uuid7()),
                arrived_at=arrived,
                begun_at=gone - timedelta(seconds=round(days.service_s[route, n])),
                ended_at=gone,
                service_s=round(days.service_s[route, n]),
                dwell_s=round((gone - arrived).total_seconds()),
                planned_s=round(days.service_plan_s[route, n]),
                windows=windows,
                effort={"kind": str(days.names["kind"][route, n]), "skills": "", "items": 1},
            ),
        )


def models(by: Any, verb: str, capsys: Any) -> Any:
    """The command's JSON."""
    assert command.run(argparse.Namespace(verb=verb, organization="", json=True)) == 0
    return json.loads(capsys.readouterr().out)


def test_a_model_is_trained_judged_adopted_listed_and_taken_back(by: Any, capsys: Any) -> None:
    done = models(by, "train", capsys)["trained"]
    assert (done["version"], done["adopted"], done["days"]) == (1, True, DAYS)
    assert done["newcomer"]["pinball_s"] < done["incumbent"]["pinball_s"]
    with scope(by):
        serving = travel.times()
        known = driven(AT.date() - timedelta(days=60), AT.date())
        assert serving.version == 1
        assert not trained.is_due(AT)
        assert Event.objects.filter(type="model.adopted").count() == 1
    assert known is not None
    assert serving.places
    told = replayed(serving, known).last_of_each()
    assert verdict(serving, told).mae_s < float(np.abs(told.plan - told.came).mean())
    listed = models(by, "list", capsys)
    assert (listed["serving"], [row["version"] for row in listed["models"]]) == (1, [1])
    assert models(by, "rollback", capsys)["serving"] == 0
    with scope(by):
        assert travel.times().version == 0
        assert Event.objects.filter(type="model.withdrawn").count() == 1
    with pytest.raises(Refusal, match="times.none_adopted"):
        models(by, "rollback", capsys)


def test_a_newcomer_that_is_no_better_does_not_serve(by: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = trained.train(by, AT)
    monkeypatch.setattr(trained, "BETTER", 0.5)
    second = trained.train(by, AT + timedelta(days=1))
    assert (first.adopted, second.adopted, second.version) == (True, False, 2)
    with scope(by):
        assert travel.times().version == 1
        assert [bool(row.data) for row in travel.times_models().order_by("version")] == [True, False]


def test_without_days_nothing_is_trained() -> None:
    by = system(an_owner().organization_id)
    assert trained.train(by, AT) == trained.Trained(None, adopted=False, days=0, routes=0)
    with scope(by):
        assert travel.times().version == 0
        assert trained.is_due(AT)


def test_a_depot_whose_days_turn_out_wilder_is_told_wider() -> None:
    by, depot = system(an_owner().organization_id), uuid7()
    with scope(by):
        for day in range(1, 8):
            EtaFact.objects.bulk_create(
                EtaFact(
                    day=AT.date() - timedelta(days=day),
                    stop_id=uuid7(),
                    route_id=uuid7(),
                    driver_id=uuid7(),
                    depot_id=depot,
                    horizon_min=60,
                    expected=AT,
                    arrived_at=AT,
                    error_s=0,
                    inside=n % 2 == 0,
                )
                for n in range(30)
            )
    trained.follow_days(by, AT)
    with scope(by):
        assert DepotWidth.objects.get(depot_id=depot, horizon_min=60).wider > 0.3


def test_the_made_days_begin_on_a_monday() -> None:
    assert date.fromordinal(FIRST_DAY).weekday() == 0
    assert date(1970, 1, 1).toordinal() == EPOCH_DAY
