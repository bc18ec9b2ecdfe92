"""The outbox: any order, any age, twice is fine; the refused is kept, the late is a fact and changes nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from homestretch.dispatch import actions
from homestretch.dispatch.models import Intent
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from tests.dispatch.phones import Phone, intent
from tests.town.dispatch import a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT


@pytest.fixture
def road(db):
    return a_road(an_owner())


@pytest.fixture
def phone(road):
    return Phone(road)


def outcomes(results):
    return [result.outcome for result in results]


def test_a_shuffled_day_comes_in_at_once(road, phone):
    taps = phone.day(road.stops)
    random.Random(4).shuffle(taps)
    assert set(outcomes(phone.send(*taps))) == {"applied"}
    assert road.route.state == "finished"
    assert [stop.state for stop in road.stops] == ["completed"] * 3
    assert [road.order(number).state for number in range(3)] == ["completed"] * 3


def test_saying_it_twice_changes_nothing(road, phone):
    taps = phone.day(road.stops)
    first = phone.send(*taps)
    with scope(road.by):
        before = [len(history("stop", stop.id)) for stop in road.stops]
    assert phone.send(*taps) == first
    assert phone.send(*taps, *taps)[0] == first[0]
    with scope(road.by):
        assert [len(history("stop", stop.id)) for stop in road.stops] == before
        assert Intent.objects.count() == len(taps)


@pytest.mark.parametrize("seed", range(4))
def test_taps_that_come_one_by_one_in_any_order_lose_no_delivery(road, phone, seed):
    taps = phone.day(road.stops)
    middle = taps[:-1]
    random.Random(seed).shuffle(middle)
    for tap in [*middle, taps[-1]]:
        (result,) = phone.send(tap)
        assert result.outcome in {"applied", "late"}, result
    assert [stop.state for stop in road.stops] == ["completed"] * 3
    assert road.route.started_at <= min(tap.at for tap in taps[1:])


def test_facts_carry_the_phones_time(road, phone):
    start, done = phone.tap("start_route", route_id=road.route_id), phone.tap("complete", stop_id=road.stops[0].id)
    phone.send(start, done)
    with scope(road.by):
        (event,) = history("stop", road.stops[0].id)
    assert event.at == done.at
    assert event.actor == f"driver:{road.driver.id}"


def test_a_late_outcome_is_a_fact_and_overwrites_nothing(road, phone):
    stop = road.start().stops[0]
    actions.fail_stop(stop.id, StopOutcome("recipient_absent"), by=road.by, at=AT + timedelta(hours=1))
    tap = phone.tap("complete", stop_id=stop.id)
    (result,) = phone.send(tap)
    assert (result.outcome, result.refusal["code"]) == ("late", "stop.not_open")
    assert road.stops[0].state == "failed"
    with scope(road.by):
        last = history("stop", stop.id)[-1]
    assert (last.type, last.at, last.data["outcome"]) == ("stop.reported_late", tap.at, "completed")
    assert phone.send(tap) == [result]
    with scope(road.by):
        assert history("stop", stop.id)[-1].id == last.id


def test_a_late_arrival_fills_in_an_hour_that_nobody_had(road, phone):
    stop = road.start().stops[0]
    arrive, done = phone.tap("arrive", stop_id=stop.id), phone.tap("complete", stop_id=stop.id)
    phone.send(done)
    assert outcomes(phone.send(arrive)) == ["late"]
    assert road.stops[0].arrived_at == arrive.at


def test_one_refused_intent_takes_nothing_with_it(road, phone):
    start = phone.tap("start_route", route_id=road.route_id)
    wrong = phone.tap("fail", stop_id=road.stops[0].id, reason="bad mood")
    right = phone.tap("complete", stop_id=road.stops[1].id)
    results = phone.send(start, wrong, right)
    assert outcomes(results) == ["applied", "refused", "applied"]
    assert results[1].refusal["code"] == "stop.reason_unknown"
    assert [stop.state for stop in road.stops] == ["planned", "completed", "planned"]
    with scope(road.by):
        kept = Intent.objects.get(phone_id=wrong.id)
    assert (kept.outcome, kept.refusal["code"], kept.body["reason"]) == ("refused", "stop.reason_unknown", "bad mood")


@pytest.mark.parametrize(
    ("tap", "code"),
    [
        (intent("dance"), "intent.kind_unknown"),
        (intent("complete"), "intent.malformed"),
        (intent("complete", stop_id="x"), "intent.malformed"),
        (intent("complete", stop_id=uuid7()), "stop.not_found"),
        (intent("finish_route", route_id=uuid7()), "route.not_found"),
        (intent("complete", stop_id=uuid7(), note="x" * 9000), "intent.too_large"),
        (intent("arrive", at=AT + timedelta(hours=27), stop_id=uuid7()), "intent.clock_ahead"),
    ],
)
def test_nonsense_is_refused_and_kept(road, phone, tap, code):
    (result,) = phone.send(tap)
    assert (result.outcome, result.refusal["code"]) == ("refused", code)
    with scope(road.by):
        assert Intent.objects.get(phone_id=tap.id).outcome == "refused"


def test_a_very_old_intent_is_taken(road, phone):
    tap = replace(phone.tap("start_route", route_id=road.route_id), at=AT - timedelta(days=40))
    assert outcomes(phone.send(tap)) == ["applied"]
    assert road.route.started_at == tap.at


def test_a_strangers_intent_of_the_same_id_is_another(road, phone):
    other = a_road(an_owner("Next Door"), 1)
    mine = phone.tap("start_route", route_id=road.route_id)
    theirs = replace(mine, body={"route_id": str(other.route_id)})
    assert outcomes(phone.send(mine)) == ["applied"]
    assert outcomes(Phone(other).send(theirs)) == ["applied"]
    assert other.route.state == "started"


def test_a_drivers_scope_is_the_own_route(road, phone):
    other = a_road(road.by, 1, first_number=8)
    (result,) = phone.send(phone.tap("start_route", route_id=other.route_id))
    assert result.refusal["code"] == "route.not_found"


def test_only_a_driver_has_an_outbox(road):
    with pytest.raises(Refusal, match=r"sync\.not_a_driver"):
        actions.apply_intents([], by=road.by, at=AT)


def test_an_intent_says_which_of_the_drivers_phones_it_came_from_and_which_stop_it_names(road, phone):
    first, second = (replace(road.driver, device_id=uuid7()) for _ in range(2))
    stop = road.stops[0]
    taps = [phone.tap("set_out", stop_id=stop.id), phone.tap("arrive", stop_id=stop.id)]
    for tap, by in zip(taps, (first, second), strict=True):
        actions.apply_intents([tap], by=by, at=AT + timedelta(hours=2))
    phone.send(phone.tap("arrive", stop_id="x"))
    with scope(road.by):
        rows = Intent.objects.order_by("counter").values_list("device_id", "stop_id")
        assert list(rows) == [(first.device_id, stop.id), (second.device_id, stop.id), (None, None)]


def test_a_pin_opens_the_door_and_is_not_kept(db):
    by = an_owner()
    road = a_road(by, orders=[an_order(by, pin="4711")]).start()
    phone, stop = Phone(road), road.stops[0]
    early = phone.send(phone.tap("complete", stop_id=stop.id))
    wrong = phone.send(phone.tap("proof", stop_id=stop.id, proof="pin", text="4712"))
    assert [early[0].refusal["code"], wrong[0].refusal["code"]] == ["proof.pin_missing", "proof.pin_wrong"]
    right, done = phone.tap("proof", stop_id=stop.id, proof="pin", text="4711"), phone.tap("complete", stop_id=stop.id)
    assert outcomes(phone.send(done, right)) == ["applied", "applied"]
    with scope(by):
        assert "4711" not in str(list(Intent.objects.values_list("body", flat=True)))
        assert "4712" not in str(list(Intent.objects.values_list("body", flat=True)))


def test_guessing_a_pin_ends_after_five(db):
    by = an_owner()
    road = a_road(by, orders=[an_order(by, pin="4711")]).start()
    phone, stop = Phone(road), road.stops[0]
    tries = [phone.tap("proof", stop_id=stop.id, proof="pin", text=str(n)) for n in range(5)]
    assert {result.refusal["code"] for result in phone.send(*tries)} == {"proof.pin_wrong"}
    (last,) = phone.send(phone.tap("proof", stop_id=stop.id, proof="pin", text="4711"))
    assert last.refusal["code"] == "proof.pin_locked"


def test_breaks_notes_and_partial_outcomes_come_by_the_outbox_too(road, phone):
    first, second, third = road.stops
    task_id = str(first.works.all()[0].task_id)
    results = phone.send(
        phone.tap("start_loading", route_id=road.route_id),
        phone.tap("start_route", route_id=road.route_id),
        phone.tap("break_start", route_id=road.route_id),
        phone.tap("break_end", route_id=road.route_id),
        phone.tap("note", stop_id=first.id, text="gate code changed"),
        phone.tap("partial", stop_id=first.id, tasks=[{"task_id": task_id, "state": "partial", "reason": "damaged"}]),
        phone.tap("skip", stop_id=second.id),
        phone.tap("fail", stop_id=third.id, reason="no_access", note="dog", lat=49.6, lon=6.1),
    )
    assert set(outcomes(results)) == {"applied"}
    assert [stop.state for stop in road.stops] == ["partial", "skipped", "failed"]
    assert len(road.route.breaks) == 1
    assert road.stops[2].works.all()[0].lat == 49.6
