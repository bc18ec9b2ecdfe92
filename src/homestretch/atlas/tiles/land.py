"""What covers the ground: which of the tiles' layers and classes an area belongs to, by its tags. Pure.

The tags are those of the OpenStreetMap wiki's Map Features. Layers: `land` and `water` are drawn as areas, `building`
too, `road` here holds squares and piers.
"""

from __future__ import annotations

from collections.abc import Mapping

Tags = Mapping[str, str]

LAND: Mapping[str, Mapping[str, str]] = {
    "landuse": {
        "residential": "residential",
        **dict.fromkeys(("industrial", "railway", "quarry", "port", "landfill", "depot"), "industrial"),
        **dict.fromkeys(("commercial", "retail"), "commercial"),
        "forest": "wood",
        **dict.fromkeys(("farmland", "farmyard", "greenhouse_horticulture"), "farmland"),
        **dict.fromkeys(("meadow", "grass", "village_green", "recreation_ground", "flowerbed", "greenery"), "grass"),
        **dict.fromkeys(("orchard", "vineyard", "allotments", "plant_nursery"), "orchard"),
        "cemetery": "cemetery",
        "military": "industrial",
    },
    "natural": {
        "wood": "wood",
        **dict.fromkeys(("grassland", "heath", "scrub", "fell", "tundra"), "scrub"),
        **dict.fromkeys(("beach", "sand", "dune"), "sand"),
        **dict.fromkeys(("bare_rock", "scree", "shingle"), "rock"),
        "glacier": "ice",
        "wetland": "wetland",
    },
    "leisure": {
        **dict.fromkeys(("park", "garden", "playground", "dog_park", "golf_course", "miniature_golf"), "park"),
        **dict.fromkeys(("pitch", "track", "stadium", "sports_centre"), "pitch"),
    },
    "amenity": {
        **dict.fromkeys(("school", "university", "college", "kindergarten", "hospital", "clinic"), "campus"),
        "grave_yard": "cemetery",
        "parking": "parking",
    },
    "tourism": dict.fromkeys(("camp_site", "caravan_site", "zoo", "theme_park"), "park"),
    "aeroway": {"aerodrome": "airport", **dict.fromkeys(("runway", "taxiway", "apron"), "runway")},
    "man_made": {"pier": "pier", "breakwater": "rock", "groyne": "rock"},
    "place": {"square": "square"},
}
WATER: Mapping[str, Mapping[str, str]] = {
    "natural": {"water": "lake"},
    "waterway": {"riverbank": "river", "dock": "lake"},
    "landuse": {"reservoir": "lake", "basin": "lake"},
    "leisure": {"swimming_pool": "pool"},
}
RIVERS = {"river", "canal", "stream", "oxbow", "lock"}
SQUARES = {"pedestrian", "footway", "living_street", "service"}
NO = {"no", "demolished", "razed", "ruins_removed"}


def land_of(tags: Tags) -> str:
    """The class of ground, or an empty word."""
    if tags.get("highway") in SQUARES and tags.get("area") == "yes":
        return "square"
    return _class(LAND, tags)


def water_of(tags: Tags) -> str:
    """The class of water, or an empty word."""
    found = _class(WATER, tags)
    if found == "lake" and tags.get("water") in RIVERS:
        return "river"
    return "" if tags.get("intermittent") == "yes" and found != "river" else found


def is_building(tags: Tags) -> bool:
    """Whether a building stands there, above the ground."""
    return tags.get("building", "no") not in NO and tags.get("location") != "underground"


def _class(table: Mapping[str, Mapping[str, str]], tags: Tags) -> str:
    for key, classes in table.items():
        found = classes.get(tags.get(key, ""))
        if found:
            return found
    return ""
