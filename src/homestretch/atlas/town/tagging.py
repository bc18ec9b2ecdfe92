"""A planned town in the words of OpenStreetMap's tags."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from homestretch.atlas.town import words
from homestretch.atlas.town.network import Way
from homestretch.atlas.town.plan import Plan
from homestretch.atlas.town.quarters import city_and_postcode, quarters
from homestretch.atlas.town.shapes import Line, chance, parts
from homestretch.atlas.town.skeleton import SQUARE
from homestretch.atlas.town.writing import Sheet, Tags

BUILDING = {
    "old": "house", "dense": "apartments", "main": "apartments", "grid": "house", "leafy": "detached",
    "close": "house", "village": "house", "works": "industrial", "country": "farm",
}  # fmt: skip
LEVELS = {"old": (3, 5), "dense": (3, 6), "main": (3, 6), "works": (1, 3)}  # the others have one to three
SPEED = {"main": "50", "country": "90", "works": "50"}
COVER = {
    "forest": {"landuse": "forest", "leaf_type": "mixed"},
    "farmland": {"landuse": "farmland"},
    "meadow": {"landuse": "meadow"},
    "orchard": {"landuse": "orchard"},
    "vineyard": {"landuse": "vineyard"},
}
GROUND = {"old": "residential", "dense": "residential", "grid": "residential", "leafy": "residential",
          "close": "residential", "village": "residential", "works": "industrial", "church": "residential",
          "town hall": "residential"}  # fmt: skip
USE: dict[str, Tags] = {
    "park": {"leisure": "park"},
    "school": {"amenity": "school"},
    "hospital": {"amenity": "hospital", "name": "Clinique Sainte-Odile"},
    "sports": {"leisure": "pitch", "sport": "soccer"},
    "cemetery": {"landuse": "cemetery"},
    "allotments": {"landuse": "allotments"},
    "retail": {"landuse": "retail"},
}
PUBLIC: dict[str, Tags] = {
    "school": {"building": "school"},
    "hospital": {"building": "hospital"},
    "church": {"building": "church", "amenity": "place_of_worship", "religion": "christian", "name": "Saint-Aubin"},
    "town hall": {"building": "public", "amenity": "townhall", "name": "Hôtel de Ville"},
    "retail": {"building": "retail", "shop": "supermarket"},
    "sports": {"building": "yes", "leisure": "sports_centre"},
    "station": {"building": "train_station", "name": f"Gare de {words.TOWN}"},
    "platform": {"railway": "platform", "public_transport": "platform"},
}
ON_A_NODE = 0.3  # share of the addresses that stand on a node at the door, not on the building


def sheet_of(plan: Plan) -> Sheet:
    """The whole town as OSM objects; the network's nodes come first."""
    sheet = Sheet()
    _network(plan, sheet)
    _water(plan, sheet)
    _land(plan, sheet)
    _houses(plan, sheet)
    _places(plan, sheet)
    return sheet


def _network(plan: Plan, sheet: Sheet) -> None:
    used = np.unique(np.concatenate([way.nodes for way in plan.network.ways]))
    number = np.zeros(len(plan.network.places), dtype=int)
    number[used] = np.arange(len(used)) + sheet.nodes(plan.network.places[used])
    ids = number.tolist()
    sheet.node_tags = {ids[node]: tags for node, tags in plan.network.node_tags.items() if ids[node]}
    first = len(sheet.ways) + 1
    for way in plan.network.ways:
        sheet.way([ids[node] for node in way.nodes], _way_tags(way, plan.names[way.street.group]))
    for turn in plan.restrictions:
        members = [("w", first + turn.start, "from"), ("n", ids[turn.via], "via"), ("w", first + turn.end, "to")]
        sheet.relations.append((members, {"type": "restriction", "restriction": turn.kind}))


def _way_tags(way: Way, name: str) -> Tags:
    street = way.street
    tags: Tags = {"highway": street.highway} if street.highway else {}
    if name:
        tags["name"] = name
    if street.highway in ("primary", "secondary", "tertiary") and street.place in SPEED:
        tags["maxspeed"] = SPEED[street.place] if street.highway != "tertiary" else min(SPEED[street.place], "70")
    tags.update({**street.tags, **way.tags})
    if street.highway and "surface" not in tags and street.highway != "track":
        tags["surface"] = "paving_stones" if street.highway in ("pedestrian", "living_street") else "asphalt"
    return tags


def _water(plan: Plan, sheet: Sheet) -> None:
    ground = plan.ground
    river = ground.water.intersection(ground.box).difference(ground.island)
    for part in parts(river, "Polygon"):
        sheet.area(part, {"natural": "water", "water": "river", "name": words.RIVER})
    for line in parts(shapely.LineString(ground.river).intersection(ground.box), "LineString"):
        flow = shapely.get_coordinates(line.simplify(0.5))
        sheet.line(flow, {"waterway": "river", "name": words.RIVER})
    sheet.area(ground.island, {"place": "islet", "name": "Schwaneninsel", "landuse": "grass"})
    for pond in plan.ponds:
        sheet.area(pond, {"natural": "water", "water": "pond"})


def _land(plan: Plan, sheet: Sheet) -> None:
    for kind, shape in plan.country.ground:
        sheet.area(shape, COVER[kind], 1.0)
    for number in range(len(plan.districts)):
        mine = [block for block in plan.blocks if block.district == number and block.kind in GROUND]
        for kind in sorted({GROUND[block.kind] for block in mine}):
            whole = shapely.union_all([block.shape for block in mine], grid_size=0.05)
            for part in parts(whole, "Polygon"):
                sheet.area(part, {"landuse": kind}, 0.8)
    _uses(plan, sheet)
    sheet.ring(SQUARE, {"highway": "pedestrian", "area": "yes", "place": "square", "name": words.SQUARE})


def _uses(plan: Plan, sheet: Sheet) -> None:
    seen: dict[str, int] = {}
    for block in plan.blocks:
        if block.kind not in USE:
            continue
        seen[block.kind] = seen.get(block.kind, 0) + 1
        tags = dict(USE[block.kind])
        if block.kind == "school":
            tags["name"] = f"École {words.FIRST[seen['school'] % len(words.FIRST)]} {words.LAST[-seen['school'] % 20]}"
        if block.kind == "park" and block.shape.area > 12_000:
            tags["name"] = f"Parc {words.THINGS[seen['park'] * 7 % len(words.THINGS)]}"
        sheet.area(block.shape.buffer(-4.5, join_style="mitre"), tags)
    for shape, kind in plan.public:
        sheet.area(shape, PUBLIC[kind], 0)


def _houses(plan: Plan, sheet: Sheet) -> None:
    random, houses = chance(plan.ground.seed, "tags"), plan.houses
    corners = shapely.get_coordinates(houses.shapes).reshape(-1, 5, 2)
    apart = random.random(len(corners)) < ON_A_NODE
    levels = random.random(len(corners))
    rows = zip(corners, address_tags(plan), houses.place.tolist(), houses.front, strict=True)
    for number, (ring, address, place, front) in enumerate(rows):
        low, high = LEVELS.get(place, (1, 4))
        tags = {"building": BUILDING[place], "building:levels": str(low + int(levels[number] * (high - low)))}
        if apart[number]:
            inside = front + 0.15 * (ring[:4].mean(axis=0) - front)
            sheet.node(float(inside[0]), float(inside[1]), address)
        sheet.ring(ring, tags if apart[number] else {**tags, **address})


def address_tags(plan: Plan) -> list[Tags]:
    """The address of each house."""
    houses = plan.houses
    city, postcode = city_and_postcode(plan.ground, middles(houses.shapes))
    return [
        {"addr:housenumber": number, "addr:street": plan.names[group], "addr:postcode": code, "addr:city": town}
        for number, group, code, town in zip(
            houses.number.tolist(), houses.group.tolist(), postcode.tolist(), city.tolist(), strict=True
        )
    ]


def middles(shapes: NDArray[np.object_]) -> Line:
    """The middle of each house."""
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)))


def _places(plan: Plan, sheet: Sheet) -> None:
    people = {"town": round(3.1 * len(plan.houses.shapes)), "village": 420}
    for quarter in quarters(plan.ground, plan.districts):
        tags = {"place": quarter.kind, "name": quarter.name}
        if quarter.kind in people:
            tags["population"] = str(people[quarter.kind])
        sheet.node(quarter.east, quarter.north, tags)
