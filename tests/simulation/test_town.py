"""The invented town: the same for the same seed, and with each kind of thing that a day must have."""

from __future__ import annotations

import csv
import io
from datetime import date

from homestretch.kernel.contact import read_email, read_language, read_phone
from homestretch.kernel.geo import read_point
from homestretch.simulation.chance import chance, dealt
from homestretch.simulation.phones.knowledge import Knowledge
from homestretch.simulation.scenario import FATES, Scenario, small
from homestretch.simulation.town.demand import demand
from homestretch.simulation.town.fleet import vans
from homestretch.simulation.town.writing import COLUMNS, body, csv_file

DAY = date(2026, 11, 23)


def test_the_same_seed_makes_the_same_town_and_another_seed_another():
    assert demand(Scenario(7, DAY)) == demand(Scenario(7, DAY))
    assert demand(Scenario(7, DAY)) != demand(Scenario(8, DAY))
    assert demand(Scenario(7, DAY)) != demand(Scenario(7, date(2026, 11, 24)))


def test_a_draw_of_one_purpose_leaves_another_alone():
    first = chance(7, "a").random()
    chance(7, "b").random()
    assert chance(7, "a").random() == first != chance(7, "b").random()


def test_a_full_day_has_at_least_three_hundred_orders_and_eight_shifts():
    scenario = Scenario(7, DAY)
    assert len(demand(scenario).parcels) >= 300
    assert len(vans(scenario)) >= 8


def test_every_kind_of_trouble_befalls_somebody_even_in_a_small_town():
    for scenario in (Scenario(7, DAY), small(7, DAY), small(8, DAY)):
        day = demand(scenario)
        assert set(day.fates.values()) == set(FATES)
        kinds = {parcel.kind for parcel in day.parcels.values()}
        assert kinds == {"deliver", "collect", "pair"}
        assert any(parcel.lat is None for parcel in day.by_file)
        assert any("Ambiguous" in parcel.address for parcel in day.parcels.values())
        assert day.urgent and day.by_api


def test_shares_are_dealt_without_anybody_getting_two():
    hands = dealt(chance(1), list(range(100)), {"a": 0.1, "b": 0.001, "none": 0.0})
    assert len(hands["a"]) == 10 and len(hands["b"]) == 1 and hands["none"] == []
    assert not set(hands["a"]) & set(hands["b"])


def test_people_can_be_reached_and_doors_are_on_the_map():
    for parcel in demand(Scenario(7, DAY)).parcels.values():
        assert read_phone(parcel.phone, "LU") == parcel.phone
        assert read_email(parcel.email) == parcel.email
        assert read_language(parcel.language) == parcel.language
        if parcel.lat is not None and parcel.lon is not None:
            read_point(parcel.lat, parcel.lon)


def test_the_file_has_a_row_for_each_parcel_under_its_headings():
    day = demand(Scenario(7, DAY))
    rows = list(csv.reader(io.StringIO(csv_file(day.by_file, DAY).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == [parcel.external_id for parcel in day.by_file]


def test_a_pair_is_told_as_a_collect_and_then_a_deliver():
    pair = next(parcel for parcel in demand(Scenario(7, DAY)).by_api if parcel.kind == "pair")
    tasks = body(pair, DAY, {})["tasks"]
    assert [task["kind"] for task in tasks] == ["collect", "deliver"]
    assert {task["pair"] for task in tasks} == {"p1"}


def test_a_parcel_s_fate_does_not_depend_on_who_comes_before_it():
    day = demand(Scenario(7, DAY))
    names = list(day.parcels)
    forward, backward = (Knowledge(7, day.parcels, day.fates) for _ in range(2))
    first = {name: forward.attempt(name) for name in names}
    second = {name: backward.attempt(name) for name in reversed(names)}
    assert first == second
    assert {fate.state for fate in first.values()} == {"completed", "partial", "failed"}
