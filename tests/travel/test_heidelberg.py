"""A day on a real city's roads: only the hours of the shifts, and the roads' own times at the hour of each leg."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from homestretch.atlas.maps import build
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.planner.travel import UNREACHABLE, Slots
from homestretch.travel import ladder
from homestretch.travel.rules.estimate import built_in
from homestretch.travel.values import Asked, Known
from tests.town.roads import ROADS

EXTRACT = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm" / "heidelberg.osm.pbf"
BERLIN = ZoneInfo("Europe/Berlin")
SHIFT = Window(datetime(2026, 11, 23, 6, 30, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC))
VAN = Known("van", BERLIN, built_in("van"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the city's roads."""
    if not EXTRACT.exists():
        pytest.skip(f"HOMESTRETCH_DATA has no {EXTRACT.parent.name}/{EXTRACT.name}")
    folder: Path = tmp_path_factory.mktemp("home")
    build(EXTRACT, folder / "maps", name="heidelberg", parts=ROADS)
    return folder


@pytest.mark.parametrize("stops", [150, pytest.param(1_000, marks=pytest.mark.prove)])
def test_each_leg_takes_what_the_roads_take_at_its_hour(home: Path, settings: Any, stops: int) -> None:
    settings.HOMESTRETCH_HOME = home
    random = Random(7)
    points = tuple(Point(random.uniform(49.37, 49.43), random.uniform(8.65, 8.72)) for _ in range(stops))
    begun = time.process_time()
    answer = ladder.matrix(Asked(points, SHIFT, frozenset()), VAN)
    print(f"{stops} stops: {time.process_time() - begun:.1f} CPU s for the whole day")
    profile = answer.profile
    assert isinstance(profile, Slots)
    assert [start // 3600 for start in profile.starts] == list(range(-1, 8))  # from seven, for half past seven, to four
    assert len({id(matrix) for matrix in profile.matrices}) == 3
    off = {one.point for one in answer.off_road}
    for slot, start in enumerate(profile.starts):
        middle = SHIFT.start + timedelta(seconds=start + 1800)
        for _ in range(4):
            a, b = random.sample([n for n in range(stops) if n not in off], 2)
            stated = int(profile.matrices[slot].durations[a, b])
            if stated >= UNREACHABLE:
                continue
            drive = ladder.path((points[a], points[b]), middle, VAN).legs[0]
            assert stated == drive.seconds
            assert leg_of(profile, a, b).arrive(start + 1800) == start + 1800 + stated
            assert abs(int(profile.matrices[slot].distances[a, b]) - drive.meters) <= 2
