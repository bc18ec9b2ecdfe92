"""Ways cut at their junctions: where two ways meet, where one ends, and at nodes that stop somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from homestretch.atlas.osm.text import Ways
from homestretch.atlas.roads import access
from homestretch.atlas.roads.graph import SCALE, meters_between
from homestretch.atlas.roads.values import PROFILES, Bools, Bytes, Floats, Ints, Longs

_WAIT_DS = {"traffic_signals": 20, "stop": 20, "give_way": 15, "crossing": 2}
_TOLL_DS = 100


@dataclass(slots=True)
class Segments:
    """`way`: its number among those read. The rest as in RoadGraph."""

    node_id: Longs
    node_lat: Ints
    node_lon: Ints
    blocks: Bytes
    way: Longs
    tail: Ints
    head: Ints
    length_mm: Ints
    wait_ds: Ints
    shape_at: Ints
    shape_lat: Ints
    shape_lon: Ints


@dataclass(slots=True)
class _Spots:
    """The nodes of all used ways that the file has, end to end; a run is unbroken."""

    way: Longs
    refs: Longs
    lats: Floats
    lons: Floats
    run: Longs
    ends: Bools


def cut(ways: Ways, used: Bools, nodes: Mapping[int, Mapping[str, str]]) -> Segments:
    """Segments of the `used` ways."""
    spots = _spots(ways, used)
    stopping, waits = _tagged(nodes, spots)
    found, numbers, counts = np.unique(spots.refs, return_inverse=True, return_counts=True)
    blocked = np.zeros(len(found), np.uint8)
    for ref, bits in stopping.items():
        blocked[np.searchsorted(found, ref)] = bits
    cuts = np.flatnonzero(spots.ends | (counts[numbers] > 1) | (blocked[numbers] > 0))
    whole = spots.run[cuts[:-1]] == spots.run[cuts[1:]]
    first, last = cuts[:-1][whole], cuts[1:][whole]
    joints, ends = np.unique(np.concatenate([numbers[first], numbers[last]]), return_inverse=True)
    at = np.zeros(len(found), np.int64)
    at[numbers] = np.arange(len(numbers))  # any of the spots where a node lies
    offsets, points = _ranges(first, last)
    return Segments(
        node_id=found[joints],
        node_lat=_scaled(spots.lats[at[joints]]),
        node_lon=_scaled(spots.lons[at[joints]]),
        blocks=blocked[joints],
        way=spots.way[first],
        tail=ends[: len(first)].astype(np.int32),
        head=ends[len(first) :].astype(np.int32),
        length_mm=_lengths(spots, first, last),
        wait_ds=_waiting(waits, first, last),
        shape_at=offsets,
        shape_lat=_scaled(spots.lats[points]),
        shape_lon=_scaled(spots.lons[points]),
    )


def _scaled(degrees: Floats) -> Ints:
    return np.round(degrees * SCALE).astype(np.int32)


def _spots(ways: Ways, used: Bools) -> _Spots:
    way = np.repeat(np.arange(len(ways.ids)), np.diff(ways.offsets))
    place = np.flatnonzero(used[way] & ~np.isnan(ways.lats))
    kept = way[place]
    begins = np.ones(len(place), np.bool_)
    begins[1:] = (kept[1:] != kept[:-1]) | (np.diff(place) > 1)
    ends = begins | np.append(begins[1:], True)
    return _Spots(kept, ways.refs[place], ways.lats[place], ways.lons[place], np.cumsum(begins), ends)


def _tagged(nodes: Mapping[int, Mapping[str, str]], spots: _Spots) -> tuple[dict[int, int], Longs]:
    """Who is stopped at which node, and what each spot costs along and against its way, (2, spots)."""
    stopping, waiting = {}, {}
    here = np.isin(list(nodes), spots.refs)
    for (ref, tags), lies in zip(nodes.items(), here, strict=True):
        bits = sum(access.blocks(tags, profile) << bit for bit, profile in enumerate(PROFILES))
        if lies and bits:
            stopping[ref] = bits
        wait = _wait(tags)
        if lies and any(wait):
            waiting[ref] = wait
    waits = np.zeros((2, len(spots.refs)), np.int64)
    if waiting:
        refs = np.array(sorted(waiting))
        values = np.array([waiting[int(ref)] for ref in refs]).T
        place = np.minimum(np.searchsorted(refs, spots.refs), len(refs) - 1)
        waits = np.where(refs[place] == spots.refs, values[:, place], 0)
    return stopping, waits


def _wait(tags: Mapping[str, str]) -> tuple[int, int]:
    kind = tags.get("highway", "").split(";")[-1]
    kind = "traffic_signals" if tags.get("crossing") == "traffic_signals" else kind
    cost = _WAIT_DS.get(kind, 0) + (_TOLL_DS if tags.get("barrier") == "toll_booth" else 0)
    facing = tags.get("traffic_signals:direction") or tags.get("direction")
    return (0 if facing == "backward" else cost), (0 if facing == "forward" else cost)


def _waiting(waits: Longs, first: Longs, last: Longs) -> Ints:
    """Tenths of a second, (2, segments): who leaves a node has waited there before."""
    summed = np.concatenate([np.zeros((2, 1), np.int64), np.cumsum(waits, axis=1)], axis=1)
    along = summed[0, last + 1] - summed[0, first + 1]
    against = summed[1, last] - summed[1, first]
    return np.stack([along, against]).astype(np.int32)


def _lengths(spots: _Spots, first: Longs, last: Longs) -> Ints:
    pieces = np.zeros(len(spots.refs))
    pieces[1:] = meters_between(spots.lats[:-1], spots.lons[:-1], spots.lats[1:], spots.lons[1:])
    summed = np.cumsum(pieces)
    return np.maximum(1, np.round((summed[last] - summed[first]) * 1000)).astype(np.int32)


def _ranges(first: Longs, last: Longs) -> tuple[Ints, Longs]:
    """The numbers first to last of each, end to end, and where each begins."""
    counts = last - first + 1
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    points = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - first, counts)
    return offsets.astype(np.int32), points
