"""Raw orders are read alike for every door, and a refusal names the field."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders.rules import read_order
from homestretch.orders.values import Reading
from tests.town.orders import READING, raw_order, raw_task

BERLIN = Reading(ZoneInfo("Europe/Berlin"), "DE", date(2026, 3, 29))  # the clocks are set forward at two


def task(**changes: Any) -> dict[str, Any]:
    """An order whose only task is changed."""
    return raw_order(task=changes)


def window(start: object, end: object, **more: object) -> dict[str, Any]:
    """An order with one window."""
    return task(windows=[{"start": start, "end": end, **more}])


NOON = {"start": "2026-11-23T12:00:00Z", "end": "2026-11-23T13:00:00Z"}
REFUSED = [
    (raw_order(tasks=[]), "order.tasks_missing", "tasks"),
    (raw_order(tasks=[raw_task()] * 21), "order.tasks_too_many", "tasks"),
    (task(kind="juggle"), "task.kind_unknown", "tasks[0].kind"),
    (task(loads={"weight": -5}), "load.negative", "tasks[0].loads"),
    (task(loads={"weight": 1.5}), "load.malformed", "tasks[0].loads"),
    (task(place={"lat": 0, "lon": 0.0}), "place.coordinates_zero", "tasks[0].place.lat"),
    (task(place={"lat": 91, "lon": 0}), "place.coordinates_invalid", "tasks[0].place.lat"),
    (task(place={"lat": 49.5}), "place.coordinates_invalid", "tasks[0].place.lon"),
    (task(place={}), "place.missing", "tasks[0].place.address"),
    (task(windows=[NOON] * 11), "task.windows_too_many", "tasks[0].windows"),
    (task(items=[{"name": "x"}] * 201), "task.items_too_many", "tasks[0].items"),
    (task(items=[{"name": "x", "quantity": 0}]), "field.out_of_range", "tasks[0].items[0].quantity"),
    (task(items=[{"name": "x"}, {"name": "", "quantity": 1}]), "field.missing", "tasks[0].items[1].name"),
    (task(packages=["P1", "P1"]), "package.barcode_twice", "tasks[0].packages[1]"),
    (task(pair="p"), "task.pair_incomplete", "tasks"),
    (task(service_s=-1), "field.out_of_range", "tasks[0].service_s"),
    (raw_order(priority=10), "field.out_of_range", "priority"),
    (raw_order(pin="1"), "order.pin_invalid", "pin"),
    (raw_order(metadata={"x": "y" * 9000}), "order.metadata_too_large", "metadata"),
    (raw_order(zone="Europe/Atlantis"), "zone.unknown", "zone"),
    (raw_order(recipient={"phone": "12"}), "contact.phone_invalid", "recipient.phone"),
    (raw_order(recipient={"email": "rosa@"}), "contact.email_invalid", "recipient.email"),
    (raw_order(recipient={"language": "german!"}), "contact.language_invalid", "recipient.language"),
    (raw_order(recipient={"consent": {"fax": True}}), "recipient.channel_unknown", "recipient.consent"),
    (raw_order(recipient={"name": "a\x00b"}), "field.not_text", "recipient.name"),
    (raw_order(recipient="Rosa"), "field.not_object", "recipient"),
    (window("2026-11-23T12:00:00Z", "2026-11-23T11:00:00Z"), "window.ends_before_start", "tasks[0].windows[0].end"),
    (window("2026-11-23T12:00:00", "2026-11-23T13:00:00Z"), "time.no_zone", "tasks[0].windows[0].start"),
    (window("noonish", "13:00"), "time.malformed", "tasks[0].windows[0].start"),
    (window("17:00", "09:00"), "window.ends_before_start", "tasks[0].windows[0].end"),
    (window("02:30", "04:00", day="2026-03-29"), "window.in_dst_gap", "tasks[0].windows[0].start"),
    ({**window("08:00", "09:00"), "day": None}, "window.day_missing", "tasks[0].windows[0].start"),
]


@pytest.mark.parametrize(("raw", "code", "field"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_refusal_has_code_field_and_remedy(raw: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_order(raw, READING)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.remedy


def test_local_times_are_read_in_the_zone_that_is_named_nearest() -> None:
    raw = raw_order(zone="America/New_York", task={"windows": [{"start": "08:00", "end": "9:30"}]})
    (only,) = read_order(raw, READING).tasks[0].windows
    assert only == Window(datetime(2026, 11, 23, 13, tzinfo=UTC), datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    raw["tasks"][0]["windows"][0]["zone"] = "Asia/Tokyo"
    assert read_order(raw, READING).tasks[0].windows[0].start == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_time_that_the_day_has_twice_is_the_first() -> None:
    raw = window("02:30", "04:00", day="2026-10-25")
    assert read_order(raw, BERLIN).tasks[0].windows[0].start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_loads_are_as_given_or_the_sum_of_the_items() -> None:
    items = [{"name": "water", "quantity": 6, "loads": {"weight": 1500}}, {"name": "bag", "loads": {"volume": 9}}]
    assert read_order(task(loads={}, items=items), READING).tasks[0].loads == {"weight": 9000, "volume": 9}
    assert read_order(task(loads={"weight": 1}, items=items), READING).tasks[0].loads == {"weight": 1}


def test_a_pair_is_a_collect_and_then_a_deliver() -> None:
    half = {"pair": "p"}
    both = [raw_task(1, kind="collect", **half), raw_task(2, **half)]
    assert [t.kind for t in read_order(raw_order(tasks=both), READING).tasks] == ["collect", "deliver"]
    with pytest.raises(Refusal, match=r"task\.pair_incomplete"):
        read_order(raw_order(tasks=both[::-1]), READING)


def test_phones_are_read_in_the_country_and_kept_as_e164() -> None:
    recipient = read_order(raw_order(recipient={"phone": "030 123456"}), BERLIN).recipient
    assert recipient.phone == "+4930123456"


SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(0, 600)).map(lambda span: (span[0], min(1439, span[0] + span[1]))),
    max_size=10,
)


@given(SPANS)
def test_windows_come_sorted_apart_and_hold_exactly_the_minutes_that_were_given(spans: list[tuple[int, int]]) -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC)

    def clock(minute: int) -> str:
        return f"{time(minute // 60, minute % 60):%H:%M}"

    raw = task(windows=[{"start": clock(a), "end": clock(b), "zone": "UTC"} for a, b in spans])
    windows = read_order(raw, READING).tasks[0].windows
    assert all(one.end < other.start for one, other in itertools.pairwise(windows))
    for minute in range(0, 1440, 7):
        moment = day + timedelta(minutes=minute)
        assert any(w.holds(moment) for w in windows) == any(a <= minute <= b for a, b in spans)
