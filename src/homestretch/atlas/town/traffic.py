"""What governs traffic: one-way streets, lights, crossings, bollards, level crossings, and turns that are forbidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from homestretch.atlas.town.network import Network, Way
from homestretch.atlas.town.shapes import Vector, chance

CAR = {"motorway", "motorway_link", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"}
MAIN = {"primary", "secondary", "tertiary"}
ONE_WAY = {"old": 0.45, "dense": 0.22}  # share of the streets
LEAST_LENGTH = 40.0


@dataclass(frozen=True)
class Restriction:
    """A turn that is forbidden (`no_left_turn`, ...) or the only one allowed, from way to way at a node."""

    kind: str
    start: int
    via: int
    end: int


def govern(seed: int, network: Network, signals: list[Vector]) -> list[Restriction]:
    """Put traffic's rules on the network; returns the forbidden turns (ways by number, cut where they turn)."""
    random = chance(seed, "traffic")
    _one_ways(network, random)
    lights = _nearest(network, signals)
    for node in lights:
        network.node_tags[node] = {"highway": "traffic_signals"}
    _crossings(network, random)
    _dead_ends(network)
    _level_crossings_and_exits(network)
    _bollards(network, random)
    cut(network, lights)
    return _restrictions(network, lights)


def _one_ways(network: Network, random: np.random.Generator) -> None:
    """Some small streets in the middle of the town, so chosen that everything can still be reached and left."""
    chosen = [
        way
        for way in network.ways
        if way.street.highway in ("residential", "living_street")
        and random.random() < ONE_WAY.get(way.street.place, 0.0)
    ]
    for way in chosen:
        way.tags["oneway"] = "yes"
        if random.random() < 0.5:
            way.nodes.reverse()
    while True:
        main = _strongly_connected(network)
        trapped = [way for way in chosen if "oneway" in way.tags and not main[way.nodes].all()]
        if not trapped:
            return
        for way in trapped:
            del way.tags["oneway"]


def _strongly_connected(network: Network) -> Vector:
    """Which nodes belong to the largest part within which cars get from anywhere to anywhere."""
    size, ways = len(network.places), [way for way in network.ways if way.street.highway in CAR]
    a = np.concatenate([way.nodes[:-1] for way in ways])
    b = np.concatenate([way.nodes[1:] for way in ways])
    lengths = [len(way.nodes) - 1 for way in ways]
    both = np.repeat([not _is_one_way(way) for way in ways], lengths)
    links = coo_array(
        (np.ones(len(a) + int(both.sum())), (np.concatenate([a, b[both]]), np.concatenate([b, a[both]]))),
        shape=(size, size),
    )
    _, labels = connected_components(links, directed=True, connection="strong")
    return np.asarray(labels == np.bincount(labels[a]).argmax())


def _is_one_way(way: Way) -> bool:
    return "oneway" in way.tags or way.street.tags.get("oneway") == "yes"


def _nearest(network: Network, places: list[Vector]) -> list[int]:
    """The junctions of main roads nearest to places."""
    arms = network.arms()
    busy = [
        node
        for node, touching in sorted(arms.items())
        if len([n for n, _ in touching if network.ways[n].street.highway in MAIN]) > 1
        and _degree(network, touching) > 2
        and not any("junction" in network.ways[n].street.tags for n, _ in touching)
    ]
    found, near = cKDTree(network.places[busy]).query(np.array(places))
    return sorted({busy[n] for n, far in zip(near, found, strict=True) if far < 25})


def _degree(network: Network, touching: list[tuple[int, int]]) -> int:
    return sum(1 if place in (0, len(network.ways[n].nodes) - 1) else 2 for n, place in touching)


def _crossings(network: Network, random: np.random.Generator) -> None:
    """Zebra crossings on main roads in town."""
    arms = network.arms()
    for way in network.ways:
        if way.street.place != "main" or way.street.lifted or "junction" in way.street.tags:
            continue
        for node in way.nodes[1:-1]:
            if len(arms[node]) == 1 and random.random() < 0.12:
                network.node_tags.setdefault(node, {"highway": "crossing", "crossing": "marked"})


def _dead_ends(network: Network) -> None:
    for node, touching in network.arms().items():
        number, place = touching[0]
        way = network.ways[number]
        if len(touching) == 1 and place in (0, len(way.nodes) - 1) and way.street.place == "close":
            network.node_tags.setdefault(node, {"highway": "turning_circle"})


def _level_crossings_and_exits(network: Network) -> None:
    exits = 0
    for node, touching in sorted(network.arms().items()):
        kinds = {network.ways[n].street.highway for n, _ in touching}
        if "" in kinds and len(kinds) > 1:
            network.node_tags[node] = {"railway": "level_crossing", "crossing:barrier": "full"}
        starts = any(place == 0 and network.ways[n].street.highway == "motorway_link" for n, place in touching)
        if "motorway" in kinds and starts:
            exits += 1
            network.node_tags[node] = {"highway": "motorway_junction", "ref": str(exits)}


def _bollards(network: Network, random: np.random.Generator) -> None:
    """Two small streets that cars cannot go through."""
    arms = network.arms()
    fits = [
        way
        for way in network.ways
        if way.street.place in ("dense", "grid")
        and way.street.highway == "residential"
        and not _is_one_way(way)
        and len(arms[way.nodes[0]]) > 1 < len(arms[way.nodes[-1]])
        and len(way.nodes) == 2
    ]
    for number in random.permutation(len(fits))[:2]:
        way = fits[int(number)]
        middle = network.places[way.nodes].mean(axis=0)
        way.nodes.insert(1, len(network.places))
        network.places = np.vstack([network.places, middle])
        network.node_tags[way.nodes[1]] = {"barrier": "bollard", "bicycle": "yes", "foot": "yes"}


def cut(network: Network, nodes: Iterable[int]) -> None:
    """Cut every way at nodes: turns are described from the end of a way to the start of another."""
    at, found = set(nodes), []
    for way in network.ways:
        marks = [n for n in range(1, len(way.nodes) - 1) if way.nodes[n] in at]
        edges = [0, *marks, len(way.nodes) - 1]
        found += [replace(way, nodes=way.nodes[a : b + 1]) for a, b in pairwise(edges)]
    network.ways = found


def _restrictions(network: Network, lights: list[int]) -> list[Restriction]:
    """At most lights no left turn from one road, at some no turning round, at one only straight on."""
    arms, found = network.arms(), []
    for number, via in enumerate(lights):
        ways = [n for n, _ in arms[via] if network.ways[n].street.highway in MAIN]
        turns = sorted(
            (_angle(network, start, via, end), start, end)
            for start in ways
            for end in ways
            if start != end
            and _leads(network.ways[start], via, start=False)
            and _leads(network.ways[end], via, start=True)
        )
        left = [turn for turn in turns if 50 < turn[0] < 130]
        ahead = [turn for turn in turns if abs(turn[0]) < 25]
        if number % 5 == 4 and ahead:
            found.append(Restriction("only_straight_on", ahead[0][1], via, ahead[0][2]))
        elif left:
            found.append(Restriction("no_left_turn", left[-1][1], via, left[-1][2]))
        if number % 3 == 1 and ways:
            found.append(Restriction("no_u_turn", ways[0], via, ways[0]))
    return found


def _leads(way: Way, node: int, *, start: bool) -> bool:
    """Whether traffic may come from a way to the node at its end, or go into it from there."""
    return not _is_one_way(way) or way.nodes[0 if start else -1] == node


def _angle(network: Network, start: int, via: int, end: int) -> float:
    """How far to the left a turn is, degrees."""
    coming, going = (_beyond(network.ways[number], via) for number in (start, end))
    here = network.places[via]
    a, b = here - network.places[coming], network.places[going] - here
    return float(np.degrees(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))


def _beyond(way: Way, node: int) -> int:
    return way.nodes[1] if way.nodes[0] == node else way.nodes[-2]
