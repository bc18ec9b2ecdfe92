"""Real delivery places (Amazon Last Mile Routing Research Challenge, Austin) come in by file, are planned to vehicles,
released and driven. A slice here; a thousand, at up to 600 times real time, with `make prove`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from homestretch.simulation.scenario import real
from homestretch.simulation.town.doors import read_doors
from tests.journeys.stage import DAY, stage

STOPS = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "amazon_lmrc_austin" / "stops.csv"


@pytest.mark.skipif(not STOPS.exists(), reason=f"HOMESTRETCH_DATA has no {STOPS.parent.name}/{STOPS.name}")
@pytest.mark.prove  # the smaller one too, until a whole run of it has been timed
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("places", "vans", "changes", "speed"),
    [
        pytest.param(24, 1, {"evening_vans": 1, "beat_s": 300, "position_s": 15, "plan_s": 2}, 1e6, id="24"),
        pytest.param(1000, 16, {}, 600.0, id="1000", marks=pytest.mark.prove),
    ],
)
def test_real_places_are_imported_planned_released_and_driven(
    committed, tmp_path, settings, places, vans, changes, speed
):
    doors = read_doors(STOPS, places, 7)
    assert len(set(doors)) == places
    with stage(committed, tmp_path, settings) as here:
        day = here.day(replace(real(7, DAY, doors, vans), **changes), speed=speed)
        summary = day.run()
        found = here.doctor()
        routes = day.desk.all("/routes", day=DAY.isoformat())
    assert summary.all_ended, (summary.orders, here.logs())
    assert summary.orders["completed"] >= 0.75 * places
    assert {route["state"] for route in routes} == {"finished"}
    driven = [route["driven_m"] / max(1, route["planned_m"]) for route in routes if route["stops_total"] > 5]
    assert all(0.5 < share < 2 for share in driven), driven
    assert set(found["invariants"].values()) == {"held"}, found["findings"]
