"""Two villages, a hamlet without streets, and what address books meet: drawn for the tests of addresses."""

from __future__ import annotations

from pathlib import Path

from homestretch.kernel.geo import Point
from tests.atlas.osm_files import Drawing


def at(east_m: float, north_m: float) -> Point:
    """A position of the drawing."""
    return Point(49.0 + north_m / 111_195, 8.0 + east_m / 73_000)


def a_town(target: Path) -> Path:
    """Altdorf around (0, 0), Neudorf 6 km east of it, the hamlet Weiler 4 km north. Streets run east, houses stand
    north of them, 20 m apart from number to number."""
    town = Drawing()
    town.node(1, 0, 100, place="village", name="Altdorf", name__fr="Vieuxbourg")
    town.node(2, 6000, 100, place="village", name="Neudorf")
    town.node(3, 0, 4000, place="hamlet", name="Weiler")
    _street(town, 100, (0, 0), "Hauptstraße", name__fr="Rue Principale")
    _street(town, 110, (0, 200), "Mühlgasse", alt_name="Alter Weg")
    _street(town, 120, (0, 400), "Triq San Ġwann")
    _street(town, 130, (0, 600), "Obere Hauptstraße")
    _street(town, 140, (6000, 0), "Hauptstraße")
    _street(town, 150, (6000, 200), "Kirchweg")
    alt = {"addr__city": "Altdorf", "addr__postcode": "12345", "addr__country": "DE"}
    new = {"addr__city": "Neudorf", "addr__postcode": "12 399"}
    for number in ("2", "4", "8", "12a", "14-18", "20;22", "3", "5", "30/1"):
        _house(town, (0, 0), number, addr__street="Hauptstraße", **alt)
    _house(town, (0, 0), "40", addr__street="Hauptstraße", addr__housename="Villa Rosa", **alt)
    for number in ("1", "3"):
        _house(town, (0, 200), number, addr__street="Mühlgasse", **alt)
    _house(town, (0, 200), "7", addr__street="Alter Weg")
    _house(town, (0, 400), "5", addr__street="Triq San Ġwann")
    for number in ("2", "77"):
        _house(town, (6000, 0), number, addr__street="Hauptstraße", **new)
    for east, number in ((0, 10), (100, 20)):
        town.node(500 + number, 6000 + east, 210, addr__housenumber=str(number), addr__street="Kirchweg", **new)
    town.way(600, [510, 520], addr__interpolation="even")
    for number in range(1, 6):
        _house(town, (0, 4000), str(number))
    _house(town, (0, 800), "9")
    house = town.node(900, 300, 220, addr__housenumber="15")
    town.relation(950, [("n", house, "house"), ("w", 110, "street")], type="associatedStreet", name="Mühlgasse")
    return town.write(target)


def _street(town: Drawing, ident: int, start: tuple[float, float], name: str, **more: str) -> None:
    east, north = start
    town.node(ident * 100, east, north)
    town.node(ident * 100 + 1, east + 900, north)
    town.way(ident, [ident * 100, ident * 100 + 1], highway="residential", name=name, **more)


def _house(town: Drawing, start: tuple[float, float], number: str, **tags: str) -> None:
    """Evens and odds alike stand 15 m north of the street, `number` times 20 m along it."""
    east, north = start
    first = int("".join(letter for letter in number.split("-")[0].split(";")[0].split("/")[0] if letter.isdigit()))
    ident = 10_000 + len(town.nodes)
    town.node(ident, east + 20 * first, north + 15, addr__housenumber=number, **tags)
