"""Days on which nothing is delivered: plans leave out what they concern and say why, imports warn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.places import actions, queries
from homestretch.places.models import Blackout
from homestretch.places.values import BlackoutData, ZoneData
from homestretch.plans import actions as plans
from homestretch.plans import queries as planned
from tests.orders.files import check, counts, csv_of, line, run
from tests.town.fleet import DAY, a_depot, a_shift
from tests.town.orders import an_order
from tests.town.places import AT, spot
from tests.town.zones import box, polygon
from tests.work import run_jobs


def a_blackout(us: Actor, **changes: Any) -> Blackout:
    return actions.save_blackout(BlackoutData(**{"first": DAY, "last": DAY, "reason": "Fair", **changes}), by=us, at=AT)


def a_zone(us: Actor, number: int) -> Any:
    """A zone around one spot of the town."""
    return actions.save_zone(ZoneData(f"Zone {number}", polygon(box(half_m=100, center=spot(number)))), by=us, at=AT)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def solved(us: Actor, day: date = DAY, depots: Any = (), **options: Any) -> Any:
    plan = plans.ask(day, depots, options={"seconds": 1, **options}, by=us, at=AT)
    run_jobs()
    with scope(us):
        return planned.revision(plan.id)


def test_days_are_set_changed_and_taken_back(us: Actor) -> None:
    row = a_blackout(us, last=DAY + timedelta(days=2))
    days = [DAY + timedelta(days=number) for number in (-1, 0, 2, 3)]
    with scope(us):
        assert [len(found) for found in queries.blackouts_on(days).values()] == [0, 1, 1, 0]
    data = BlackoutData(DAY, DAY, "Snow")
    changed = actions.save_blackout(data, ident=row.id, version=1, by=us, at=AT)
    assert (changed.version, changed.last, changed.reason) == (2, DAY, "Snow")
    assert actions.save_blackout(data, ident=row.id, by=us, at=AT).version == 2
    with refused("blackout.stale"):
        actions.remove_blackout(row.id, version=1, by=us, at=AT)
    actions.remove_blackout(row.id, version=2, by=us, at=AT)
    with scope(us):
        assert [e.type for e in history("blackout", row.id)] == ["blackout.changed"] * 2 + ["blackout.removed"]
        assert queries.blackouts_on([DAY]) == {DAY: []}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"last": DAY - timedelta(days=1)}, "blackout.ends_before_start"),
        ({"last": DAY + timedelta(days=366)}, "blackout.too_long"),
        ({"reason": " "}, "blackout.reason_invalid"),
        ({"reason": "x" * 201}, "blackout.reason_invalid"),
    ],
)
def test_days_that_can_not_be_are_refused(us: Actor, changes: dict[str, Any], code: str) -> None:
    with refused(code):
        a_blackout(us, **changes)


def test_a_blackout_is_of_a_depot_or_of_a_zone_of_ours(us: Actor, stranger: Actor) -> None:
    zone = a_zone(us, 1)
    with refused("blackout.depot_and_zone"):
        a_blackout(us, zone_id=zone.id, depot_id=zone.id)
    with refused("zone.not_found"):
        a_blackout(stranger, zone_id=zone.id)
    theirs = a_blackout(stranger)
    with refused("blackout.not_found"):
        actions.remove_blackout(theirs.id, by=us, at=AT)
    with scope(us):
        assert queries.blackouts_on([DAY]) == {DAY: []}


def test_a_zone_takes_its_blackouts_along(us: Actor) -> None:
    zone = a_zone(us, 1)
    row = a_blackout(us, zone_id=zone.id)
    actions.remove_zone(zone.id, by=us, at=AT)
    with scope(us):
        assert not Blackout.objects.exists()
        assert history("blackout", row.id)[-1].type == "blackout.removed"


def test_no_plan_is_made_of_a_day_of_the_whole_organization(us: Actor) -> None:
    a_shift(us)
    an_order(us, 1)
    a_blackout(us)
    with refused("plan.blackout") as raised:
        plans.ask(DAY, [], by=us, at=AT)
    assert "Fair" in raised.value.cause
    a_shift(us, day=DAY + timedelta(days=1))
    assert len(solved(us, DAY + timedelta(days=1)).routes) == 1


def test_what_lies_in_a_zone_is_left_out_with_its_reason(us: Actor) -> None:
    a_shift(us)
    inside, outside = an_order(us, 1), an_order(us, 2)
    row = a_blackout(us, zone_id=a_zone(us, 1).id)
    plan = solved(us)
    (left,) = plan.unassigned
    with scope(us):
        assert left.task_ids == (inside.tasks.get().id,)
        assert plan.routes[0].stops[0].task_ids == (outside.tasks.get().id,)
        why = planned.why(plan.plan_id, left.visit)
    assert {(r["code"], r["text"]) for r in left.reasons} == {
        ("blackout", "Nothing is delivered there on this day: Fair.")
    }
    assert [reason["code"] for reason in why["reasons"]] == ["blackout"]
    assert why["relaxations"] == []
    actions.remove_blackout(row.id, by=us, at=AT)
    with scope(us):
        (left,) = planned.revision(plan.plan_id).unassigned
    assert "taken away" in left.reasons[0]["text"]
    assert solved(us).unassigned == ()


def test_a_depot_that_is_shut_sends_nobody_and_its_goods_stay(us: Actor) -> None:
    north, south = a_depot(us, name="North"), a_depot(us, name="South")
    shifts = [a_shift(us, depot=depot) for depot in (north, south)]
    of_north, anywhere = an_order(us, 1, depot_id=str(north.id)), an_order(us, 2)
    a_blackout(us, depot_id=north.id)
    plan = solved(us)
    assert [route.shift_id for route in plan.routes] == [shifts[1].id]
    with scope(us):
        assert plan.routes[0].stops[0].task_ids == (anywhere.tasks.get().id,)
        assert plan.unassigned[0].task_ids == (of_north.tasks.get().id,)
    assert {reason["code"] for reason in plan.unassigned[0].reasons} == {"blackout"}
    with refused("plan.blackout"):
        plans.ask(DAY, [north.id], by=us, at=AT)


def test_a_plan_keeps_a_zone_on_one_shift_where_splitting_it_costs(us: Actor) -> None:
    depot = a_depot(us)
    for _ in range(2):
        a_shift(us, depot=depot, max_stops=2)
    for number in range(1, 5):
        an_order(us, number)
    for name, spots in (("Odd", (1, 3)), ("Even", (2, 4))):
        parts = [[box(half_m=50, center=spot(number))] for number in spots]
        actions.save_zone(ZoneData(name, {"type": "MultiPolygon", "coordinates": parts}), by=us, at=AT)
    plan = solved(us, split_zone=1_000_000)
    with scope(us):
        shown = [queries.zones_of([spot_of(us, stop.place_id) for stop in route.stops]) for route in plan.routes]
    assert sorted(map(sorted, shown)) == [["Even", "Even"], ["Odd", "Odd"]]


def spot_of(us: Actor, place_id: Any) -> Any:
    return actions.point_of(queries.place(place_id))


def test_an_import_takes_the_rows_of_such_a_day_and_warns(us: Actor) -> None:
    a_blackout(us, zone_id=a_zone(us, 1).id, reason="Fair")
    a_blackout(us, first=date(2026, 12, 25), last=date(2026, 12, 26), reason="Christmas")
    rows = [line(1), line(2), *(line(number, Date="2026-12-26") for number in (3, 4))]
    warnings = [
        {"code": "import.blackout", "day": "2026-11-23", "reason": "Fair", "rows": 1},
        {"code": "import.blackout", "day": "2026-12-26", "reason": "Christmas", "rows": 2},
    ]
    checked = check(us, csv_of(rows))
    assert (counts(checked), checked.warnings) == (("checked", 4, 0, 0), warnings)
    ran = run(us, csv_of(rows), "again.csv")
    assert (counts(ran), ran.warnings) == (("completed", 4, 0, 0), warnings)
    assert check(us, csv_of([line(5, Date="2026-12-27")]), "late.csv").warnings == []
