"""Whether all that the doors acknowledged in a day is there, and nobody heard a thing twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from homestretch.kernel.units import iso


def lost_intents(superuser: Any, told: list[dict[str, Any]]) -> list[str]:
    """Taps that were answered and are not there with that answer, or whose fact is missing."""
    rows = superuser.execute("select phone_id::text, outcome from dispatch_intent").fetchall()
    kept = dict(rows)
    lost = [intent["id"] for intent in told if kept.get(intent["id"]) != intent["outcome"]]
    ends = {"complete": "stop.completed", "partial": "stop.partial", "fail": "stop.failed"}
    facts = set(superuser.execute("select type, subject_id::text from events_event where subject = 'stop'").fetchall())
    return lost + [
        intent["id"]
        for intent in told
        if intent["outcome"] == "applied"
        and intent["kind"] in ends
        and (ends[intent["kind"]], intent["stop_id"]) not in facts
    ]


def lost_positions(superuser: Any, told: list[tuple[str, str]], intents: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Positions that were acknowledged, taken between start and end tap, and are not there."""
    rows = superuser.execute(
        "select f.external_id, p.at from tracking_position p join accounts_device d on d.id = p.device_id"
        " join fleet_driver f on f.id = d.driver_id"
    ).fetchall()
    spans = superuser.execute(
        "select f.external_id, r.started_at, r.finished_at from dispatch_route r"
        " join fleet_driver f on f.id = r.driver_id"
    ).fetchall()
    on_duty = {name: (iso(start), iso(end)) for name, start, end in spans}
    wanted = {(name, at) for name, at in told if on_duty[name][0] < at < on_duty[name][1]}
    return wanted - {(name, iso(at)) for name, at in rows}


def assert_nothing_lost(superuser: Any, told: dict[str, list[Any]], inbox: Path) -> None:
    """All that was acknowledged is there, and no message went out twice."""
    assert lost_intents(superuser, told["intent"]) == []
    assert lost_positions(superuser, told["position"], told["intent"]) == set()
    orders = {ident for (ident,) in superuser.execute("select id::text from orders_order").fetchall()}
    assert set(told["order"]) <= orders
    blobs = {sha256 for (sha256,) in superuser.execute("select sha256 from dispatch_blob").fetchall()}
    assert set(told["blob"]) <= blobs
    keys = Counter(json.loads(line)["key"] for line in inbox.read_text().splitlines())
    assert [key for key, times in keys.items() if times > 1] == []
