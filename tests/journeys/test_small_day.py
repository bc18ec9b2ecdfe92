"""A whole day through the doors alone: orders in, planned, released, driven, tracked, messaged, rated, measured."""

from __future__ import annotations

import json

import pytest

from homestretch.simulation.scenario import small
from tests.journeys.stage import DAY, stage

KINDS = {"scheduled", "on_the_way", "approaching", "delivered", "failed", "survey"}


@pytest.mark.timeout(600)
def test_a_small_day_ends_with_every_order_ended_and_every_invariant_held(committed, tmp_path, settings):
    with stage(committed, tmp_path, settings) as here:
        day = here.day(small(7, DAY))
        summary = day.run()
        found = here.doctor()
        told = day.desk.all("/messages")
        exceptions = day.desk.all("/exceptions", state="resolved")
        measures = day.desk.get("/measures", first=DAY.isoformat(), last=DAY.isoformat())
    assert summary.all_ended, (summary.orders, here.logs())
    assert sum(summary.orders.values()) == len(day.demand.parcels)
    assert {"completed", "partially_completed", "returned"} <= set(summary.orders)
    assert set(summary.messages) >= KINDS
    assert set(found["invariants"].values()) == {"held"}, found["findings"]
    assert here.crew.restarts == 0, here.said
    # Nothing was refused to a phone but what it provoked, and each phone was silent for a while.
    assert {what for what in summary.refused if "pin_wrong" not in what} == set()
    silent = {act.actor for act in day.trace.acts() if act.what == "loses the signal"}
    assert silent == {phone.client.name for phone in day.phones}
    # The office heard of what went wrong, recipients rated, one wanted no more SMS and one asked for help.
    assert exceptions
    assert measures["ratings"]["count"] > 0 and measures["attempts"] > 0
    assert summary.on_time is not None
    assert "help" in summary.messages
    assert any("wants no more SMS" in act.what for act in day.trace.acts())
    assert {message["state"] for message in told} <= {"sent", "delivered", "failed", "dropped", "refused"}
    once = [json.loads(line) for line in (tmp_path / "inbox.jsonl").read_text().splitlines()]
    assert len({entry["key"] for entry in once if entry.get("key")}) == len([e for e in once if e.get("key")])
