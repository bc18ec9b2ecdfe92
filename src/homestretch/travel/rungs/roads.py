"""The rung of own roads: an installed map that has the depots, and nearly all other points, answers for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings

from homestretch.atlas.maps import MapInfo, installed
from homestretch.atlas.roads import Conditions, Network, RoadGraph, Snap
from homestretch.atlas.roads.speeds import alike
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.planner.travel import UNREACHABLE
from homestretch.travel.kept import Kept
from homestretch.travel.rules.closures import Closure
from homestretch.travel.rules.slots import Slot, profile_of, slots_of
from homestretch.travel.rules.speeds import chosen
from homestretch.travel.rules.weather import weather_at
from homestretch.travel.rungs import NoAnswer
from homestretch.travel.values import Answer, Asked, Drive, Known, Leg, OffRoad

RUNG = "roads"
OUTSIDE_SHARE = 20  # at most one point in so many may lie beside the map; more, and the map is the wrong one
MOTOR = ("van", "truck")  # whom observed speeds are for
Table = npt.NDArray[np.int32]
Arcs = tuple[int, ...]
Speeds = tuple[tuple[int, int], ...]  # (arc, mm/s)
MOST_SPOKEN = 200
_kept = Kept()
_spoken: dict[tuple[object, ...], Speeds] = {}


def matrix(asked: Asked, known: Known) -> Answer:
    """One set of times for each hour that the span touches; hours that are alike share one. Raises `NoAnswer`.

    Meters are those of each hour's fastest ways; of a vehicle on its way those in the middle of the span, for nobody
    asks them.
    """
    info, network = _network(asked)
    snap = _snapped(network, asked.points, known)
    off_road = _off_road(asked, info, snap)
    slots = slots_of(asked.span, known.zone)
    asks = [_conditions(network, known, slot) for slot in slots]
    lasts = {ask: _milliseconds(network, asked, ask, snap) for ask in dict.fromkeys(asks)}
    measured = [asks[len(asks) // 2]] if asked.passing else list(lasts)
    meters = {ask: _meters(network, asked, ask, snap, lasts[ask]) for ask in measured}
    tables = {ask: (_seconds(table), meters.get(ask, meters[measured[0]])) for ask, table in lasts.items()}
    profile = profile_of([slot.start for slot in slots], [tables[ask] for ask in asks], asked.span.start, RUNG)
    return Answer(profile, RUNG, info.name, _as_of(info, known), off_road)


def path(points: tuple[Point, ...], depart: datetime, known: Known) -> Drive:
    """The ways along the roads, at the speeds of the hour in which each begins. Raises `NoAnswer`."""
    info, network = _network(Asked(points, Window(depart, depart), frozenset(range(len(points)))))
    snap = _snapped(network, points, known)
    if snap.faults:
        raise NoAnswer(snap.faults[0].code, snap.faults[0].cause)
    legs = []
    for number in range(len(points) - 1):
        slot = slots_of(Window(depart, depart), known.zone)[0]
        way = network.metric(known.profile, _conditions(network, known, slot)).path(snap, number, snap, number + 1)
        if way is None:
            raise NoAnswer("travel.unreachable", "no road leads from one point to the next")
        legs.append(Leg(way.seconds, way.meters, tuple(way.points)))
        depart += timedelta(seconds=way.seconds)
    return Drive(tuple(legs), RUNG, info.name, _as_of(info, known))


def network_at(points: Sequence[Point]) -> Network:
    """The roads of the map that has all these points. Raises `NoAnswer`."""
    moment = datetime.min.replace(tzinfo=UTC)
    return _network(Asked(tuple(points), Window(moment, moment), frozenset(range(len(points)))))[1]


def conditions_at(network: Network, known: Known, moment: datetime) -> Conditions:
    """What holds on the roads at an instant."""
    return _conditions(network, known, slots_of(Window(moment, moment), known.zone)[0])


def _network(asked: Asked) -> tuple[MapInfo, Network]:
    """The map that has all anchors and most of the points. Raises `NoAnswer` where none has nearly all."""
    maps = [info for info in installed(settings.HOMESTRETCH_HOME / "maps") if "roads" in info.parts]
    if not maps:
        raise NoAnswer("travel.no_map", "no map is installed")
    held = [(sum(info.covers(p.lat, p.lon) for p in asked.points), info) for info in maps if _anchored(info, asked)]
    if not held:
        raise NoAnswer("travel.off_map", "no installed map has the depots")
    count, info = max(held, key=lambda one: one[0])
    beside = len(asked.points) - count
    if beside * OUTSIDE_SHARE > len(asked.points):
        raise NoAnswer("travel.off_map", f"{beside} of {len(asked.points)} points lie beside the map {info.name}")
    try:
        return info, _loaded(info.roads_path, info.version)
    except Refusal as refusal:
        raise NoAnswer(refusal.code, f"the map {info.name}: {refusal.cause}") from refusal


def _anchored(info: MapInfo, asked: Asked) -> bool:
    return all(info.covers(asked.points[n].lat, asked.points[n].lon) for n in asked.anchors)


@lru_cache(maxsize=4)
def _loaded(path: Path, version: str) -> Network:  # noqa: ARG001  a map that was built anew is read anew
    return Network(RoadGraph.load(path))


def _snapped(network: Network, points: Sequence[Point], known: Known) -> Snap:
    return network.snap([point.lat for point in points], [point.lon for point in points], known.profile)


def _off_road(asked: Asked, info: MapInfo, snap: Snap) -> tuple[OffRoad, ...]:
    """Points that no road leads to. Raises `NoAnswer` where one of them is an anchor."""
    found = []
    for fault in snap.faults:
        if fault.index in asked.anchors:
            raise NoAnswer(fault.code, f"a depot: {fault.cause}")
        point = asked.points[fault.index]
        found.append(OffRoad(fault.index, fault.code if info.covers(point.lat, point.lon) else "place.off_map"))
    return tuple(found)


def _conditions(network: Network, known: Known, slot: Slot) -> Conditions:
    closed = {arc for shut in known.closures if shut.holds(slot.middle) for arc in _arcs(network, shut)}
    speeds = _speeds(network, known, slot) if known.speeds and known.profile in MOTOR else ()
    weather = weather_at(known.weather, slot.middle)
    return alike(known.profile, Conditions(slot.hour, slot.day, weather, speeds, tuple(sorted(closed))))


@lru_cache(maxsize=256)
def _arcs(network: Network, closure: Closure) -> Arcs:
    """What a closure closes: all that touches its area, or the streets of its name."""
    if closure.areas:
        return tuple(sorted({arc for ring in closure.areas for arc in network.arcs_in(ring).tolist()}))
    return tuple(network.arcs_named(closure.street, closure.near).tolist())


def _speeds(network: Network, known: Known, slot: Slot) -> Speeds:
    """What is known of single roads in an hour: of a speed the speed, of a factor the usual one changed by it."""
    key = (network, known.profile, known.speeds_key, slot.day, slot.hour)
    if key not in _spoken:
        if len(_spoken) >= MOST_SPOKEN:
            _spoken.clear()
        said = chosen(known.speeds, slot.day, slot.hour)
        usual = network.metric(known.profile, alike(known.profile, Conditions(slot.hour, slot.day)))
        made = []
        for (way, side), speed in sorted(said.items()):
            arcs = [int(arc) for arc in network.arcs_of_way(way) if arc % 2 == (side < 0)]
            made += [(arc, speed.mm_s or max(1, usual.mm_s(arc) * 1_000 // speed.factor_milli)) for arc in arcs]
        _spoken[key] = tuple(made)
    return _spoken[key]


def _milliseconds(network: Network, asked: Asked, conditions: Conditions, snap: Snap) -> Table:
    metric = network.metric(snap.profile, conditions)

    def compute(rows: Sequence[int], columns: Sequence[int]) -> Table:
        return metric.milliseconds(snap.some(rows), snap.some(columns))

    return _kept.square((network, snap.profile, conditions, "ms"), asked.points, compute, passing=asked.passing)


def _meters(network: Network, asked: Asked, conditions: Conditions, snap: Snap, lasts: Table) -> Table:
    metric = network.metric(snap.profile, conditions)

    def compute(rows: Sequence[int], columns: Sequence[int]) -> Table:
        some = lasts[np.ix_(list(rows), list(columns))]
        return metric.distances(snap.some(rows), snap.some(columns), durations_ms=some).meters

    return _kept.square((network, snap.profile, conditions, "m"), asked.points, compute, passing=asked.passing)


def _seconds(milliseconds: Table) -> Table:
    """Whole seconds, rounded up once; nothing from a place to itself."""
    seconds = (milliseconds - 1) // 1_000 + 1
    seconds[milliseconds >= UNREACHABLE] = UNREACHABLE
    np.fill_diagonal(seconds, 0)
    seconds.setflags(write=False)
    return seconds


def _as_of(info: MapInfo, known: Known) -> datetime | None:
    """How old the roads are, or what is known of their speeds if that is newer."""
    dates = [known.speeds_as_of] if known.speeds_as_of else []
    if info.osm_date:
        drawn = datetime.fromisoformat(info.osm_date)
        dates.append(drawn if drawn.tzinfo else drawn.replace(tzinfo=UTC))
    return max(dates, default=None)
