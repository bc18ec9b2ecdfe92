"""Which places may be one: found by blocks, so that a hundred thousand are looked through in seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import floor
from uuid import UUID

from homestretch.kernel.geo import Point, distance_m
from homestretch.places.rules.addresses import APART_M, Spelling

BESIDE_M = 30  # pins nearer than this are at one door, if the addresses are alike
ALIKE_BESIDE = 0.75
ALIKE_APART = 0.92  # of pins up to 200 m apart, or where one of the two has none
CELL_LAT, CELL_LON = 0.0018, 0.0054  # degrees: 200 m, lon up to the 70th parallel
MOST_IN_BLOCK = 200  # compared with each other: more places of the same numbers at one spot are no spelling of one
STEM = 4  # letters of an address's longest word that two spellings share
Block = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A place as it is compared. Ids rise with time: the lower one is the older."""

    id: UUID
    address: str
    point: Point | None
    confirmed: bool


Spelled = tuple[Known, Spelling]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two places that may be one: `place` would be merged into `survivor`. `distance_m` None: one has no pin."""

    survivor: UUID
    place: UUID
    similarity: float
    distance_m: int | None


def duplicates(places: Sequence[Known], apart: Collection[frozenset[UUID]]) -> list[Duplicate]:
    """Pairs that may be one, the surest first, without those that a person said are two (`apart`)."""
    spelled = [(place, Spelling.of(place.address)) for place in places if place.address]
    seen: set[frozenset[UUID]] = set(apart)
    found = []
    for (one, of_one), (other, of_other) in _pairs(spelled):
        alike = of_one.likeness(of_other, least=ALIKE_BESIDE)
        pair = frozenset((one.id, other.id)) if alike else None
        if pair is None or pair in seen:
            continue
        seen.add(pair)
        likely = _likely(one, other, alike)
        if likely is not None:
            found.append(likely)
    return sorted(found, key=lambda pair: (-pair.similarity, pair.distance_m or 0, pair.survivor, pair.place))


def _likely(one: Known, other: Known, alike: float) -> Duplicate | None:
    """The pair, if it may be one place. Two pins that people vouch for are two, unless they are at one door."""
    meters = round(distance_m(one.point, other.point)) if one.point and other.point else None
    near = meters is not None and meters <= BESIDE_M
    if meters is not None and (meters > APART_M or (one.confirmed and other.confirmed and not near)):
        return None
    if alike < (ALIKE_BESIDE if near else ALIKE_APART):
        return None
    first, second = sorted((one, other), key=lambda place: (not place.confirmed, place.point is None, place.id))
    return Duplicate(first.id, second.id, round(alike, 3), meters)


def _pairs(places: Iterable[Spelled]) -> Iterator[tuple[Spelled, Spelled]]:
    blocks: dict[Block, list[Spelled]] = {}
    for place, spelling in places:
        for block in _blocks(place, spelling):
            blocks.setdefault(block, []).append((place, spelling))
    for members in blocks.values():
        yield from combinations(members[:MOST_IN_BLOCK], 2)


def _blocks(place: Known, spelling: Spelling) -> Iterator[Block]:
    """Where a place meets those that it is compared with: around its pin, and among all whose address begins alike."""
    stem = max(spelling.words, key=len, default="")[:STEM]
    yield "text", spelling.numbers, stem, place.point is None
    if place.point is None:
        yield "text", spelling.numbers, stem, False
        return
    row, column = floor(place.point.lat / CELL_LAT), floor(place.point.lon / CELL_LON)
    for north, east in product((0, 1), (0, 1)):  # each cell of four: two neighbors share at least one
        yield "spot", spelling.numbers, row + north, column + east
