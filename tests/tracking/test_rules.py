"""What positions say: read, accepted, driven, arrived, departed; when devices are on duty; what a forecast tells."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.kernel.geo import Point, distance_m, offset
from homestretch.kernel.refusal import Refusal
from homestretch.tracking.rules import duty, fixes, forecast, motion
from homestretch.tracking.rules.fixes import Fix
from homestretch.tracking.rules.motion import Halt, Heard, Motion, Road

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SQUARE = Point(49.6117, 6.13)
PHONE, TRACKER = uuid4(), uuid4()
TRACES = sorted(Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")).glob("geolife/*/*.plt"))


def fix(second: float, north: float = 0, east: float = 0, **changes: Any) -> Fix:
    """A fix so many seconds after eight, so many meters from the square."""
    point = offset(SQUARE, north, east)
    return Fix(AT + timedelta(seconds=second), point.lat, point.lon)._replace(**changes)


def road(**changes: Any) -> Road:
    """A route under way, with nothing ahead."""
    return replace(Road(AT + timedelta(days=1), started=AT - timedelta(hours=1)), **changes)


def drive(track: list[Fix], along: Road | None = None, state: Motion | None = None) -> tuple[Motion, list[motion.Seen]]:
    """A track through the handlers."""
    state, seen = state or Motion(), []
    for one in track:
        state, more = motion.follow(state, Heard(PHONE, one), along or road())
        seen += more
    return state, seen


# --- reading ---


def test_a_batch_keeps_the_good_and_names_the_bad() -> None:
    good = {"lat": 49.6, "lon": 6.1, "at": "2026-11-23T08:00:00Z", "speed_mh": 30_000, "bearing_deg": 90.4}
    rows = [
        good,
        {**good, "lat": 91},
        {**good, "lat": 0, "lon": 0},
        {**good, "at": "2026-11-23T08:00:00"},
        {**good, "lon": "6.1"},
        7,
        {**good, "speed_mh": -1, "accuracy_m": float("inf")},
    ]
    batch = fixes.read_batch(rows)
    assert [f[3:6] for f in batch.fixes] == [(30_000, 90, None), (None, 90, None)]
    assert [(bad["index"], bad["code"]) for bad in batch.refused] == [
        (1, "place.coordinates_invalid"),
        (2, "place.coordinates_zero"),
        (3, "time.no_zone"),
        (4, "position.malformed"),
        (5, "position.malformed"),
    ]


@pytest.mark.parametrize(("raw", "code"), [({}, "positions.malformed"), ([{}] * 501, "positions.too_large")])
def test_what_is_no_batch_is_refused_whole(raw: object, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        fixes.read_batch(raw)
    assert refused.value.code == code


def test_a_position_too_far_from_our_clock_is_refused() -> None:
    track = [fix(0), fix(25 * 3600), fix(-8 * 24 * 3600)]
    batch = fixes.by_the_clock(track, AT)
    assert batch.fixes == track[:1]
    assert [bad["code"] for bad in batch.refused] == ["position.in_future", "position.too_old"]


# --- duty ---


def test_without_taps_the_plan_allows_half_an_hour_before_and_two_hours_after() -> None:
    span = duty.span(AT, AT + timedelta(hours=8))
    assert (span.starts, span.ends) == (AT - timedelta(minutes=30), AT + timedelta(hours=10))


def test_taps_go_before_the_plan() -> None:
    early, late = AT - timedelta(hours=1), AT + timedelta(hours=11)
    span = duty.span(AT, AT + timedelta(hours=8), early, late)
    assert (span.starts, span.ends) == (early, late)


def test_what_waits_is_erased_before_it_is_a_day_old() -> None:
    swept = AT
    while swept < AT + timedelta(days=2):
        erased = duty.held_before(swept) > AT
        assert erased or swept - AT < duty.HELD_FOR
        swept += duty.SWEEP


# --- motion ---


def test_time_never_goes_back() -> None:
    state, _ = drive([fix(10, 100), fix(5, 900), fix(10, 900)])
    assert (state.last, state.point) == (AT + timedelta(seconds=10), fix(10, 100).point)


def test_a_fast_clock_moves_nothing() -> None:
    state, _ = drive([fix(0), fix(600, 500)], road(now=AT + timedelta(seconds=5)))
    assert state.last == AT


def test_a_poor_fix_says_nothing() -> None:
    state, _ = drive([fix(0), fix(10, 100, accuracy_m=800)])
    assert state.last == AT
    assert state.read == AT + timedelta(seconds=10)


def test_a_jump_is_believed_when_it_stays() -> None:
    far = [fix(10 + n, 9_000 + n) for n in range(3)]
    state, _ = drive([fix(0), *far[:2]])
    assert state.point == fix(0).point
    state, _ = drive(far[2:], state=state)
    assert state.point == far[2].point
    assert state.driven_m == 0, "nobody drove that"


def test_one_device_speaks_until_it_is_silent() -> None:
    state, _ = motion.follow(Motion(), Heard(PHONE, fix(0)), road())
    state, _ = motion.follow(state, Heard(TRACKER, fix(30, 50)), road())
    assert state.device == PHONE
    state, _ = motion.follow(state, Heard(TRACKER, fix(150, 60)), road())
    assert state.device == TRACKER


def test_standing_noise_drives_no_meter() -> None:
    noise = [fix(n, (n * 7) % 17 - 8, (n * 5) % 17 - 8) for n in range(0, 3600, 5)]
    assert drive(noise)[0].driven_m == 0


def test_a_straight_kilometer_is_a_kilometer() -> None:
    state, _ = drive([fix(n, n * 10) for n in range(101)])
    assert 970 <= state.driven_m <= 1000


def test_only_a_started_route_is_driven() -> None:
    track = [fix(n, n * 10) for n in range(101)]
    assert drive(track, road(started=None))[0].driven_m == 0
    assert drive(track, road(finished=AT + timedelta(seconds=50)))[0].driven_m <= 500


STOP = Halt(UUID(int=1), offset(SQUARE, 500, 0))


def test_a_halt_at_the_stop_is_an_arrival_when_it_began() -> None:
    track = [fix(n, min(n * 10, 500)) for n in range(0, 120, 5)]
    _, seen = drive(track, road(target=STOP))
    assert [(s.kind, s.stop_id) for s in seen][:1] == [("arrived", STOP.stop_id)]
    assert AT + timedelta(seconds=40) <= seen[0].at <= AT + timedelta(seconds=55)


def test_passing_by_is_no_arrival() -> None:
    assert drive([fix(n, n * 10) for n in range(100)], road(target=STOP))[1] == []
    slow_to_leave = [fix(n, 500, speed_mh=40_000) for n in range(0, 90, 5)]
    assert drive(slow_to_leave, road(target=STOP))[1] == []


def test_leaving_is_seen_once_the_fence_is_behind() -> None:
    track = [fix(n * 5, 500) for n in range(10)] + [fix(50 + n * 5, 500 + n * 20) for n in range(20)]
    _, seen = drive(track, road(here=STOP))
    assert seen[0].kind == "departed"
    assert seen[0].at == AT + timedelta(seconds=75)


def test_one_bad_fix_at_the_door_does_not_undo_the_arrival() -> None:
    track = [fix(n, 500, speed_mh=0) for n in range(0, 60, 5)]
    track[4] = fix(20, 500, 130, speed_mh=0)
    _, seen = drive(track, road(target=STOP))
    assert [(s.kind, s.at) for s in seen][:1] == [("arrived", AT)]
    gone = [fix(n, 800) for n in range(0, 60, 5)]
    gone[4] = fix(20, 520)
    _, seen = drive(gone, road(here=STOP))
    assert [(s.kind, s.at) for s in seen][:1] == [("departed", AT)]


def test_a_red_light_beside_the_stop_is_no_arrival_and_a_wait_is() -> None:
    light = [fix(n, 500, 50, speed_mh=0) for n in range(0, 65, 5)]
    assert drive(light, road(target=STOP))[1] == []
    wait = [fix(n, 500, 50, speed_mh=0) for n in range(0, 95, 5)]
    assert [s.kind for s in drive(wait, road(target=STOP))[1]][:1] == ["arrived"]


def test_who_does_not_tell_a_speed_is_read_by_the_places() -> None:
    jam = [fix(n, 440 + n * 4) for n in range(0, 40, 5)]
    assert drive(jam, road(target=STOP))[1] == [], "fourteen kilometers an hour is driving"


def test_between_high_houses_the_fence_is_as_wide_as_the_error() -> None:
    track = [fix(n, 500 + (n * 7 % 120) - 60, accuracy_m=60) for n in range(0, 80, 10)]
    track = [one._replace(speed_mh=0) for one in track]
    assert [s.kind for s in drive(track, road(target=STOP))[1]][:1] == ["arrived"]


def test_the_door_and_the_parking_are_the_stop_as_well() -> None:
    yard = Halt(STOP.stop_id, STOP.point, (offset(STOP.point, 0, 200),))
    track = [fix(n, 500, 200, speed_mh=0) for n in range(0, 60, 5)]
    assert [s.kind for s in drive(track, road(target=yard))[1]][:1] == ["arrived"]
    assert drive(track, road(target=STOP))[1] == []


def test_noise_at_the_fence_does_not_leave() -> None:
    track = [fix(n * 5, 500 + (n % 2) * 80) for n in range(60)]
    assert drive(track, road(here=STOP))[1] == []


steps = st.lists(st.tuples(st.integers(1, 60), st.integers(-300, 300), st.integers(-300, 300)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(0, 60))
def test_motion_survives_its_json_and_never_shrinks(walk: list[tuple[int, int, int]], cut: int) -> None:
    second, north, east, track = 0, 0, 0, []
    for wait, dn, de in walk:
        second, north, east = second + wait, north + dn, east + de
        track.append(fix(second, north, east))
    whole, _ = drive(track, road(target=STOP))
    half, _ = drive(track[:cut], road(target=STOP))
    again, _ = drive(track[cut:], road(target=STOP), motion.from_json(json.loads(json.dumps(motion.to_json(half)))))
    assert again == whole
    assert whole.driven_m >= half.driven_m


def _read_plt(path: Path) -> list[Fix]:
    track = []
    for line in path.read_text().splitlines()[6:]:
        lat, lon, _, _, _, day, clock = line.split(",")
        track.append(Fix(datetime.fromisoformat(f"{day}T{clock}+00:00"), float(lat), float(lon)))
    return track


@pytest.mark.skipif(not TRACES, reason="HOMESTRETCH_DATA has no geolife traces")
def test_real_traces_drive_no_more_than_their_length_and_no_less_than_their_span() -> None:
    judged = 0
    for path in TRACES[:: max(1, len(TRACES) // 25)]:
        track = _read_plt(path)
        whole = Road(track[-1].at + timedelta(days=1), started=track[0].at - timedelta(hours=1))
        state = Motion()
        believed = []
        for one in track:
            before = state.last
            state, _ = motion.follow(state, Heard(PHONE, one), whole)
            if state.last != before:
                believed.append(one)
        assert all(a.at < b.at for a, b in pairwise(believed)), "time never goes back"
        length = sum(distance_m(a.point, b.point) for a, b in pairwise(believed))
        assert state.driven_m <= length + len(believed), path
        if length > 2_000 and len(believed) == len(track):
            judged += 1
            assert state.driven_m >= distance_m(track[0].point, track[-1].point) * 0.97 - motion.GATE_M, path
            assert state.driven_m >= 0.6 * length, (path, state.driven_m, length)
    assert judged >= 5, "too few traces to say anything"


# --- forecasts ---


A, B, C = UUID(int=10), UUID(int=11), UUID(int=12)


def test_who_is_not_seen_drives_on() -> None:
    assert forecast.departs(AT - timedelta(minutes=1), AT) == AT
    assert forecast.departs(AT - timedelta(minutes=9), AT) == AT - timedelta(minutes=9)
    assert forecast.departs(None, AT) == AT


def test_thresholds() -> None:
    assert not forecast.has_shifted(AT, AT + timedelta(seconds=299))
    assert forecast.has_shifted(AT, AT - timedelta(seconds=300))
    assert forecast.is_near(AT + timedelta(minutes=10), AT, None, SQUARE)
    assert forecast.is_near(AT + timedelta(minutes=30), AT, offset(SQUARE, 900, 0), SQUARE)
    assert not forecast.is_near(AT + timedelta(minutes=11), AT, offset(SQUARE, 1100, 0), SQUARE)
    assert forecast.is_stale(AT, AT + timedelta(minutes=11))
    assert not forecast.is_stale(AT, AT + timedelta(minutes=10))


def test_all_routes_are_refreshed_at_the_same_instants() -> None:
    assert forecast.next_refresh(AT + timedelta(seconds=1, microseconds=9)) == AT + timedelta(minutes=5)
    assert forecast.next_refresh(AT) == AT + timedelta(minutes=5)


@dataclass
class Owed:
    """A promise, as forecasts see it."""

    id: UUID
    attempt: int
    supersedes_id: UUID | None
    end: datetime


def test_the_promise_that_stands_is_the_last_of_the_latest_attempt() -> None:
    first, second, third = Owed(A, 0, None, AT), Owed(B, 0, A, AT), Owed(C, 1, None, AT)
    assert forecast.standing([first, second]) is second
    assert forecast.standing([second, third, first]) is third
    assert forecast.standing([]) is None


@pytest.mark.parametrize(
    ("ahead", "horizon"), [(300, 240), (239, 120), (120, 120), (119, 60), (31, 30), (5, 5), (4, None)]
)
def test_a_forecast_counts_for_the_longest_horizon_that_it_is_ahead(ahead: int, horizon: int | None) -> None:
    assert forecast.horizon_of(AT + timedelta(minutes=ahead), AT) == horizon
