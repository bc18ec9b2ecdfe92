"""The address books of the installed maps: the first to be asked where an address is, and what is at a point."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from homestretch.atlas.addresses import AddressBook, Hit
from homestretch.atlas.maps import MapInfo, installed
from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import Refusal

SAME_M = 30  # two maps that overlap know the same house twice

_OPEN: dict[Path, tuple[str, AddressBook | None]] = {}


def maps() -> list[MapInfo]:
    """The installed maps that have an address book."""
    return [info for info in installed(settings.HOMESTRETCH_HOME / "maps") if info.addresses_path.is_file()]


def find(text: str, *, country: str = "", near: Point | None = None, limit: int = 5) -> list[Hit]:
    """Where an address may be by all maps, best first."""
    hits = [hit for book in _books() for hit in book.find(text, country=country, near=near, limit=limit)]
    return _once(sorted(hits, key=lambda hit: -hit.score))[:limit]


def reverse(point: Point, *, limit: int = 1) -> list[Hit]:
    """What is at a point by the maps that reach there, best first."""
    books = [book for info in maps() if info.covers(point.lat, point.lon) and (book := _book(info)) is not None]
    hits = [hit for book in books for hit in book.reverse(point.lat, point.lon, limit=limit)]
    return _once(sorted(hits, key=lambda hit: -hit.score))[:limit]


def _once(hits: list[Hit]) -> list[Hit]:
    found: list[Hit] = []
    for hit in hits:
        if all(hit.label != known.label or distance_m(_point(hit), _point(known)) > SAME_M for known in found):
            found.append(hit)
    return found


def _point(hit: Hit) -> Point:
    return Point(hit.lat, hit.lon)


def _books() -> list[AddressBook]:
    return [book for info in maps() if (book := _book(info)) is not None]


def _book(info: MapInfo) -> AddressBook | None:
    """The open book of a map, opened anew when the map was replaced; None where it cannot be read (doctor says so)."""
    kept = _OPEN.get(info.folder)
    if kept is None or kept[0] != info.version:
        try:
            book = AddressBook.load(info.addresses_path)
        except Refusal:
            book = None
        kept = _OPEN[info.folder] = (info.version, book)
    return kept[1]
