"""A town that is on the map: orders go to its doors, some told by address alone, a few with a slip in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from random import Random

from homestretch.kernel.geo import Point
from homestretch.simulation.scenario import Scenario, small
from homestretch.simulation.town.demand import demand
from homestretch.simulation.town.directory import Directory, read_directory
from homestretch.simulation.town.fleet import hubs, vans
from homestretch.simulation.town.homes import Home
from homestretch.simulation.town.slips import misspelled

DAY = date(2026, 11, 23)
HUBS = (
    Home("1 Rue de l'Industrie, 4290 Saint-Aubin", Point(49.59, 6.14)),
    Home("9 Boulevard du Nord, 4160 Saint-Aubin", Point(49.62, 6.13)),
)
HOMES = tuple(
    Home(f"{number} Rue des Tilleuls, 4110 Saint-Aubin", Point(49.6 + number / 1e5, 6.1)) for number in range(1, 901)
)
TOWN = Directory(HOMES, HUBS)


def test_every_order_has_a_door_of_its_own_in_the_town():
    day = demand(replace(Scenario(7, DAY), directory=TOWN))
    known = {home.point for home in HOMES}
    places = [parcel.truth for parcel in day.parcels.values()]
    assert set(places) <= known and len(set(places)) == len(places)
    pairs = [parcel for parcel in day.parcels.values() if parcel.origin]
    assert pairs and {parcel.origin.point for parcel in pairs if parcel.origin} <= known - set(places)


def test_some_are_told_by_address_alone_a_few_with_a_slip_and_one_of_a_street_that_nobody_knows():
    for scenario in (Scenario(7, DAY), small(8, DAY)):
        day = demand(replace(scenario, directory=TOWN))
        truth = {home.point: home.address for home in HOMES}
        told = [parcel for parcel in day.parcels.values() if parcel.lat is None]
        exact = [parcel for parcel in told if parcel.address == truth[parcel.truth]]
        unknown = [parcel for parcel in told if "Ambiguous Row" in parcel.address]
        slips = [parcel for parcel in told if parcel not in exact and parcel not in unknown]
        assert exact and unknown and slips
        assert all(abs(len(parcel.address) - len(truth[parcel.truth])) <= 1 for parcel in slips)
        assert all(parcel.lat == parcel.truth.lat for parcel in day.parcels.values() if parcel.lat is not None)


def test_vans_start_at_the_town_s_depots_and_are_not_those_of_another_town():
    scenario = replace(Scenario(7, DAY), directory=TOWN)
    assert [hub.point for hub in hubs(scenario)] == [home.point for home in HUBS]
    here, elsewhere = vans(scenario), vans(Scenario(7, DAY))
    assert {van.hub for van in here} == {hub.external_id for hub in hubs(scenario)}
    assert not {van.external_id for van in here} & {van.external_id for van in elsewhere}


def test_a_slip_is_one_and_leaves_number_and_town_alone():
    address = "12a Rue des Châtaigniers, 4110 Saint-Aubin"
    slips = {misspelled(Random(seed), address) for seed in range(60)}
    assert address not in {slip for slip in slips if len(slip) != len(address)} and len(slips) > 20
    assert all(slip.startswith("12a Rue des C") and slip.endswith(", 4110 Saint-Aubin") for slip in slips)
    assert misspelled(Random(1), "5 Um Eck, 4110 Saint-Aubin") == "5 Um Eck, 4110 Saint-Aubin"


def test_a_directory_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "town.json"
    rows = [[home.address, home.point.lat, home.point.lon] for home in (*HOMES[:2], *HUBS)]
    path.write_text(json.dumps({"town": "Saint-Aubin", "homes": rows[:2], "hubs": rows[2:]}))
    assert read_directory(path) == Directory(HOMES[:2], HUBS)
