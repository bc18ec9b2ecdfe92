"""What makes simulated days hard, through the doors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from homestretch.kernel.geo import Point
from homestretch.simulation.disruptions import DISRUPTIONS
from homestretch.simulation.phones.road import drive, follow
from homestretch.simulation.phones.ways import Way
from homestretch.simulation.scenario import Scenario, disrupted
from homestretch.simulation.town.demand import demand

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE, THERE = Point(49.61, 6.13), Point(49.63, 6.13)


def test_a_disruption_of_recipients_or_orders_makes_more_of_them() -> None:
    usual = Scenario(7, DAY)
    absent = demand(disrupted(usual, DISRUPTIONS["absent"]))
    urgent = demand(disrupted(usual, DISRUPTIONS["urgent"]))
    fates = [list(each.fates.values()).count("absent") for each in (demand(usual), absent)]
    assert fates[1] == 2 * fates[0] > 0
    assert len(urgent.urgent) == DISRUPTIONS["urgent"].urgent
    assert urgent.by_file == demand(usual).by_file


def test_a_storm_makes_drives_longer_while_it_lasts() -> None:
    storm = DISRUPTIONS["storm"]
    assert storm.factor(12.5) > 1 == storm.factor(8)
    usual, slow = (drive(HERE, THERE, NOON, 12, Random(1), factor) for factor in (1.0, storm.factor(12)))
    assert (slow.ends - NOON) / (usual.ends - NOON) == pytest.approx(storm.factor(12), rel=0.01)
    way = Way(600, (HERE, THERE))
    assert follow(way, HERE, THERE, NOON, Random(4), 2.0).ends > follow(way, HERE, THERE, NOON, Random(4)).ends
