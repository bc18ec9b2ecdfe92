"""A whole town in meters, before it is written: everything in the order in which one thing depends on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from homestretch.atlas.town.blocks import Block, District
from homestretch.atlas.town.country import Country, lay_country
from homestretch.atlas.town.districts import Layout, lay_districts
from homestretch.atlas.town.ground import Ground, lay_ground
from homestretch.atlas.town.houses import Houses, build_houses
from homestretch.atlas.town.naming import name_streets
from homestretch.atlas.town.network import Network, round_about, weave
from homestretch.atlas.town.shapes import parts
from homestretch.atlas.town.skeleton import SQUARE, Skeleton, lay_skeleton
from homestretch.atlas.town.streets import Groups, Street, clip
from homestretch.atlas.town.traffic import Restriction, govern
from homestretch.atlas.town.uses import give_uses, park_paths, ponds, public_buildings, station

NOT_FOR_HOMES = ("park", "school", "hospital", "sports", "cemetery", "allotments", "retail", "church", "town hall")


@dataclass(frozen=True)
class Plan:
    """All that a town is made of."""

    ground: Ground
    districts: list[District]
    blocks: list[Block]
    ponds: list[Polygon]
    country: Country
    network: Network
    names: list[str]
    houses: Houses
    public: list[tuple[Polygon, str]]
    restrictions: list[Restriction]


def plan_town(seed: int, scale: float) -> Plan:
    """The town of one seed. `scale`: 1 is about 4 km across."""
    ground, groups = lay_ground(seed, scale), Groups()
    skeleton = lay_skeleton(ground, groups)
    layout = lay_districts(ground, skeleton.streets, groups)
    blocks = give_uses(seed, layout.blocks)
    lakes = ponds(seed, blocks)
    country = lay_country(ground, skeleton.streets, groups)
    footways = park_paths(seed, blocks, lakes, groups) + _river_paths(ground, groups)
    network = weave(_all_streets(ground, skeleton, layout, country, footways, groups))
    names = name_streets(seed, groups)
    restrictions = govern(seed, network, skeleton.signals)
    public = public_buildings(seed, blocks) + station(ground, skeleton.avenue)
    houses = _houses(ground, network, names, blocks, public)
    return Plan(ground, layout.districts, blocks, lakes, country, network, names, houses, public, restrictions)


def _all_streets(
    ground: Ground, skeleton: Skeleton, layout: Layout, country: Country, footways: list[Street], groups: Groups
) -> list[Street]:
    streets = [*skeleton.streets, *layout.streets, *country.tracks]
    streets = round_about(streets, skeleton.roundabouts, groups.new("none"))
    return clip([*streets, *footways], ground.box)


def _river_paths(ground: Ground, groups: Groups) -> list[Street]:
    """Along both banks, under the bridges' ends."""
    banks = ground.water.buffer(11).exterior.intersection(ground.box.buffer(-30))
    tags = {"surface": "compacted", "bicycle": "designated", "foot": "designated", "segregated": "no"}
    name = groups.new("none")
    lines = [part for part in parts(shapely.line_merge(banks), "LineString") if part.length > 200]
    return [Street(shapely.get_coordinates(line), "cycleway", name, "none", tags=tags) for line in lines]


def _houses(
    ground: Ground, network: Network, names: list[str], blocks: list[Block], public: list[tuple[Polygon, str]]
) -> Houses:
    forbidden = [ground.water.buffer(9), LineString(ground.rail).buffer(9), LineString(ground.motorway).buffer(45)]
    forbidden += [Polygon(SQUARE), *(shape.buffer(4) for shape, _ in public)]
    forbidden += [block.shape.buffer(-5) for block in blocks if block.kind in NOT_FOR_HOMES]
    named = {group for group, name in enumerate(names) if name}
    return build_houses(ground.seed, network, named, forbidden, ground.box)


def size_of(network: Network) -> float:
    """Length of all ways in meters."""
    return float(sum(np.hypot(*np.diff(network.line(way), axis=0).T).sum() for way in network.ways))
