"""Dirty positions whose truth is known: vehicles drive and halt, phones err, clocks lie, networks fail.

`day` drives one vehicle and says what its device saw; `soil` adds what goes wrong, with a label for each position;
`batches` is how it comes in: late, out of order, some of it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cos, log, radians
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
METERS = 111_195.0  # a degree of latitude
LEAST_SPIKE_M, MOST_SPIKE_M = 200.0, 20_000.0


@dataclass
class Seen:
    """One position as it was taken: what the device would send, its true second of the day, and what it is."""

    row: dict[str, Any]
    second: float
    label: str  # good, spike, zero, twin (another reading of a good one's instant)
    off_m: float = 0.0


@dataclass
class Device:
    """A device's day. `ahead`: seconds by which its clock is wrong at a second of the day."""

    seen: list[Seen]
    ahead: Any = field(default=lambda _second: 0.0)
    counts: bool = False  # it has a counter that never jumps
    wrong: bool = False


def day(random: Random, count: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Seconds, lat, lon, meters per second, accuracy of `count` readings: 5 m of noise, 25 m between high houses."""
    every = random.uniform(2, 10)
    rng = np.random.default_rng(random.randrange(2**32))
    seconds = np.cumsum(rng.uniform(0.7 * every, 1.3 * every, count)).round(3)
    clock = np.arange(0, seconds[-1] + 2)
    speed = _speeds(rng, len(clock))
    heading = _headings(rng, speed)
    north, east = np.cumsum(speed * np.cos(heading)), np.cumsum(speed * np.sin(heading))
    streets = np.repeat(rng.random(len(clock) // 300 + 1) < 0.15, 300)[: len(clock)]
    sigma = np.interp(seconds, clock, np.where(streets, 25.0, 5.0))
    y = np.interp(seconds, clock, north) + _noise(rng, count) * sigma
    x = np.interp(seconds, clock, east) + _noise(rng, count) * sigma
    lat, lon = random.uniform(-55, 65), random.uniform(-170, 170)
    told = np.maximum(0, np.interp(seconds, clock, speed) + rng.normal(0, 0.4, count))
    accuracy = np.maximum(3, sigma * rng.uniform(0.7, 1.5, count)).round()
    return seconds, lat + y / METERS, lon + x / METERS / cos(radians(lat)), told, accuracy


def _speeds(rng: Any, count: int) -> Floats:
    """Stretches at one speed and halts of one to five minutes, joined by at most 2.5 m/s²."""
    knots, at, speed = [(0.0, 0.0)], 0.0, 0.0
    while at < count:
        target = 0.0 if rng.random() < 0.35 else float(rng.uniform(3, 30))
        ramp = abs(target - speed) / float(rng.uniform(0.8, 2.5)) + 1
        hold = float(rng.uniform(60, 300)) if target == 0 else float(rng.uniform(15, 120))
        knots += [(at + ramp, target), (at + ramp + hold, target)]
        at, speed = at + ramp + hold, target
    moments, speeds = zip(*knots, strict=True)
    return np.interp(np.arange(count), moments, speeds)


def _headings(rng: Any, speed: Floats) -> Floats:
    """Straight on, then a turn: of up to a right angle at a crossing, by at most 3 m/s² across."""
    knots, at, heading = [(0.0, 0.0)], 0.0, 0.0
    while at < len(speed):
        hold, turn = float(rng.uniform(10, 90)), float(rng.uniform(-1.6, 1.6))
        knots += [(at + hold, heading), (at + hold + float(rng.uniform(5, 10)), heading + turn)]
        at, heading = knots[-1]
    moments, headings = zip(*knots, strict=True)
    turns = np.diff(np.interp(np.arange(len(speed)), moments, headings), prepend=0.0)
    most = 3.0 / np.maximum(speed, 3.0)
    return np.cumsum(np.clip(turns, -most, most))


def _noise(rng: Any, count: int) -> Floats:
    """A standard error that wanders: each reading has much of the one before."""
    steps = rng.normal(0, np.sqrt(1 - 0.6**2), count)
    for index in range(1, count):
        steps[index] += 0.6 * steps[index - 1]
    return np.clip(steps, -4, 4)


def readings(random: Random, count: int) -> Device:
    """A clean device: seven in ten tell their speed."""
    seconds, lat, lon, speed, accuracy = day(random, count)
    tells = random.random() < 0.7
    rows = zip(seconds.tolist(), lat.tolist(), lon.tolist(), speed.tolist(), accuracy.tolist(), strict=True)
    seen = [Seen(_row(y, x, round(v * 3600) if tells else None, int(a)), second, "good") for second, y, x, v, a in rows]
    return Device(seen)


def _row(lat: float, lon: float, speed_mh: int | None, accuracy_m: int) -> dict[str, Any]:
    return {"lat": round(lat, 7), "lon": round(lon, 7), "speed_mh": speed_mh, "accuracy_m": accuracy_m}


def soil(device: Device, random: Random) -> Device:
    """About 2 % spikes, alone and in bursts; 0.4 % zeros; some instants twice; one clock in eight wrong."""
    home = _beside(device.seen[0].row, random, random.uniform(2_000, MOST_SPIKE_M)) if random.random() < 0.1 else None
    dirty, index = [], 0
    while index < len(device.seen):
        one, chance = device.seen[index], random.random()
        if chance < 0.01:
            length = 1 if random.random() < 0.7 else random.randint(2, 5)
            dirty += _burst(device.seen[index : index + length], random, home)
            index += length
            continue
        dirty.append(one if chance > 0.014 else _zero(one, random))
        if chance > 0.998:
            twin = {**one.row, "lat": one.row["lat"] + random.gauss(0, 5) / METERS}
            dirty.append(Seen(twin, one.second, "twin"))
        index += 1
    return _clock(Device(dirty), random)


def _burst(chosen: list[Seen], random: Random, home: dict[str, Any] | None) -> Iterator[Seen]:
    """Wrong places in a row: near each other, or where the device believes to be when it knows nothing."""
    off = LEAST_SPIKE_M * (MOST_SPIKE_M / LEAST_SPIKE_M) ** random.random()
    place = _beside(chosen[0].row, random, off)
    at_home = home is not None and random.random() < 0.3
    for one in chosen:
        row = home if at_home and home is not None else _beside(place, random, abs(random.gauss(0, 15)))
        speed = random.choice([None, one.row["speed_mh"], random.randrange(120_000)])
        told = {**one.row, "lat": row["lat"], "lon": row["lon"], "speed_mh": speed}
        north = (told["lat"] - one.row["lat"]) * METERS
        east = (told["lon"] - one.row["lon"]) * METERS * cos(radians(told["lat"]))
        yield Seen(told, one.second, "spike", (north**2 + east**2) ** 0.5)


def _beside(row: dict[str, Any], random: Random, meters: float) -> dict[str, Any]:
    turn = random.uniform(0, 6.2832)
    lat = row["lat"] + meters * np.cos(turn) / METERS
    lon = row["lon"] + meters * np.sin(turn) / METERS / cos(radians(row["lat"]))
    return {**row, "lat": round(float(lat), 7), "lon": round(float(lon), 7)}


def _zero(one: Seen, random: Random) -> Seen:
    which = random.choice([{"lat": 0.0, "lon": 0.0}, {"lat": 0.0}, {"lon": 0.0}])
    return Seen({**one.row, **which}, one.second, "zero")


def _clock(device: Device, random: Random) -> Device:
    chance, wrong = random.random(), random.choice([-1, 1]) * 120 * (300 ** random.random())
    if chance < 0.06:  # all day, by two minutes to ten hours
        return Device(device.seen, lambda _: wrong, wrong=True)
    if chance < 0.12:  # for a while, on a device that has a counter
        begins = random.uniform(0, device.seen[-1].second)
        ends = begins + random.uniform(600, 7_200)
        return Device(device.seen, lambda s: wrong if begins <= s < ends else 0.0, counts=True, wrong=True)
    return device


@dataclass
class Arrival:
    """One batch as it comes in: what the device sends, and when the server has it."""

    body: dict[str, Any]
    received: datetime


def batches(device: Device, random: Random) -> list[Arrival]:
    """All that was seen, in batches of 1 to 60, late by seconds or hours, some twice, shuffled within and without."""
    seen = list(device.seen)
    if random.random() < 0.5:
        random.shuffle(seen)
    found, index = [], 0
    while index < len(seen):
        part = seen[index : index + random.randint(1, 60)]
        index += len(part)
        for _ in range(2 if random.random() < 0.05 else 1):
            random.shuffle(part)
            late = random.expovariate(1 / 5) if random.random() < 0.7 else random.uniform(0, 4 * 3600)
            found.append(_arrival(device, part, max(one.second for one in part) + late, random))
    random.shuffle(found)
    return found


def _arrival(device: Device, part: list[Seen], sent: float, random: Random) -> Arrival:
    rows = [{**one.row, "at": shown(device, one.second).isoformat()} for one in part]
    body: dict[str, Any] = {"positions": rows, "sent_at": shown(device, sent).isoformat()}
    if device.counts:
        body["tick_ms"] = round(sent * 1000)
        for row, one in zip(rows, part, strict=True):
            row["tick_ms"] = round(one.second * 1000)
    return Arrival(body, START + timedelta(seconds=sent - log(1 - random.random()) * 1.0))


def shown(device: Device, second: float) -> datetime:
    """What the device's clock says at a second of the day."""
    return START + timedelta(milliseconds=round((second + device.ahead(second)) * 1000))
