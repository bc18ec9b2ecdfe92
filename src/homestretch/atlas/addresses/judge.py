"""How surely a house is the one meant: the street's name times the number times what is said of town and postcode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from rapidfuzz.distance import OSA

from homestretch.atlas.addresses.fuzzy import Match
from homestretch.atlas.addresses.numbers import whole
from homestretch.atlas.addresses.reading import Asked, Reading, Span, is_of_other_words, numbers, unexplained
from homestretch.atlas.addresses.store import DEGREE, Ints, Tables
from homestretch.atlas.addresses.values import Precision
from homestretch.atlas.addresses.words import KINDS
from homestretch.kernel.geo import Point, between, distance_m

PART_OF_IT, MORE_THAN_IT = 0.95, 0.985  # 12-14 was asked, 12 is there; the other way round
OTHER_LETTER = 0.7  # 12a was asked, 12b is there
NO_LETTER = 0.86  # 12a was asked, 12 is there
STAIRCASE = 0.95  # `12 A` or `12/3` was asked, 12 is there: the letter may be a staircase
ONE_OF_SEVERAL = 0.9  # 12 was asked, 12a is there
ALONG, BETWEEN = 0.79, 0.76  # on a numbered way; between known numbers
NEAREST, ALONE = 0.52, 0.6  # near a known number; a street without a number
TOWN_UNSAID, TOWN_OTHER_NEAR, TOWN_OTHER, TOWN_FAR = 0.97, 0.86, 0.74, 0.55
CODE_OTHER, CODE_UNKNOWN, CODE_OTHER_TOWN_RIGHT, CODE_UNSAID = 0.78, 0.85, 0.9, 0.99
COUNTRY_OTHER = 0.5
BESIDE, ELSEWHERE, BEHIND = 0.76, 0.95, 0.8  # a word that nothing accounts for, by where it stands
NAME_LIKE = 0.85  # a house's name is meant from this likeness on
MAX_GAP = 40  # numbers between two known ones, and meters: more, and nothing lies surely between them
MAX_GAP_M = 600
MAX_ROWS = 300
MAX_TOWNS = 8  # of a street's name without a word of the town: in more, nobody looks between numbers
NUMBER_OF_OTHERS = 0.6  # the number stands with words that are not the street's
ROOFTOP_TRUST = 0.75  # trust below this is a guess, and no guess is called a rooftop


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the map that may be meant, before anybody weighs it against others."""

    lat: float
    lon: float
    precision: Precision
    trust: float
    group: int
    number: str
    postcode: int
    locs: tuple[int, ...]

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)


class Judge:
    """Weighs the streets that a line may name. One for each line."""

    def __init__(self, tables: Tables, streets_of: Ints, reading: Reading, near: Point | None) -> None:
        self._tables = tables
        self._streets_of = streets_of  # (groups + 1) starts in the streets, which are sorted by group
        self._reading = reading
        self._near = near

    def spots(self, match: Match) -> list[Spot]:
        """Houses and places of one name, each with its trust."""
        codes = [code for code in self._reading.codes if code.apart(match.start, match.end)]
        towns = [town for town in self._reading.towns if town.apart(match.start, match.end)]
        taken = {at for code in codes if code.what >= 0 for at in range(code.start, code.end)}
        window = set(range(match.start, match.end))
        asked = numbers(self._reading, taken | window, match.start, match.end)
        if not asked:
            asked = numbers(self._reading, window, match.start, match.end)
        told = _Told(self._tables, self._reading, match, codes, towns)
        found = self._houses(match, asked, told)
        if not found:
            found = self._named(match, told)
        if not found and asked:
            found = self._between(match, asked[0], told)
        return found or self._streets(match, told, asked)

    def _houses(self, match: Match, asked: Sequence[Asked], told: _Told) -> list[Spot]:
        """Houses with one of the numbers that were asked for."""
        tables = self._tables
        found: list[Spot] = []
        low, high = tables.group_rows[match.owner : match.owner + 2]
        for wanted in asked[:8]:
            if found and wanted.used[0] != asked[0].used[0]:
                break
            first, last = np.searchsorted(tables.row_number[low:high], [wanted.number.number, wanted.number.number + 1])
            if wanted.number.number < 0:
                continue
            share = 0.98 ** min(5, wanted.away)
            for row in range(low + first, min(low + last, low + first + MAX_ROWS)):
                fit = _fit(wanted, tables.suffixes[tables.row_suffix[row]])
                fit *= _whole(wanted, tables.labels[tables.row_label[row]])
                found.append(self._spot(row, match, fit * share * told.numbered(wanted), told))
        best = max((spot.trust for spot in found), default=0.0)
        return [spot for spot in found if spot.trust >= best * 0.6]

    def _spot(self, row: int, match: Match, fit: float, told: _Told) -> Spot:
        tables = self._tables
        guessed = bool(tables.row_between[row]) or fit < ONE_OF_SEVERAL * 0.8
        locs = tuple(int(place) for place in tables.row_locs[row])
        lat, lon = float(tables.row_lat[row]) / DEGREE, float(tables.row_lon[row]) / DEGREE
        code = int(tables.row_postcode[row])
        trust = match.trust * fit * told.where(locs, code, lat, lon) * self._nearness(lat, lon)
        precision: Precision = "interpolated" if guessed or trust < ROOFTOP_TRUST else "rooftop"
        if bool(tables.row_between[row]):
            trust *= ALONG
        label = tables.labels[tables.row_label[row]]
        return Spot(lat, lon, precision, trust, match.owner, label, code, locs)

    def _nearness(self, lat: float, lon: float) -> float:
        """Up to two percent for what is near the asker."""
        if self._near is None:
            return 1.0
        return 0.98 + 0.02 * exp(-distance_m(self._near, Point(lat, lon)) / 5000)

    def _named(self, match: Match, told: _Told) -> list[Spot]:
        """Houses of the street that have a name, and it is said."""
        tables = self._tables
        low, high = tables.group_rows[match.owner : match.owner + 2]
        last = low + int(np.searchsorted(tables.row_number[low:high], 0))
        found = []
        for row in range(low, min(last, low + MAX_ROWS)):
            name = tables.suffixes[tables.row_suffix[row]]
            for window in self._reading.windows if len(name) >= 3 or match.trust > 0.99 else ():
                if window.end <= match.start or window.start >= match.end:
                    like = OSA.normalized_similarity(window.joined, name, score_cutoff=NAME_LIKE)
                    if like:
                        used = range(window.start, window.end)
                        found.append(self._spot(row, match, like * told.rest(tuple(used)), told))
        return found

    def _between(self, match: Match, wanted: Asked, told: _Told) -> list[Spot]:
        """A point between the known numbers next to the one asked for, on its side of the street; else the nearest."""
        tables = self._tables
        low, high = (int(bound) for bound in tables.group_rows[match.owner : match.owner + 2])
        rows = np.flatnonzero(tables.row_number[low:high] >= 0) + low
        if not len(rows) or wanted.number.number < 0:
            return []
        said = told.towns_said()
        if said and np.isin(tables.row_locs[rows], said).any():
            rows = rows[np.isin(tables.row_locs[rows], said).any(axis=1)]
        towns = np.unique(tables.row_locs[rows, 0])
        if len(towns) > MAX_TOWNS:
            return []
        share = told.numbered(wanted)
        return [self._neighbors(rows[tables.row_locs[rows, 0] == town], wanted, (match, told, share)) for town in towns]

    def _neighbors(self, rows: Ints, wanted: Asked, by: tuple[Match, _Told, float]) -> Spot:
        _, _, share = by
        tables, number = self._tables, wanted.number.number
        side = rows[(tables.row_number[rows] - number) % 2 == 0]
        known = tables.row_number[side]
        below, above = side[known < number], side[known > number]
        if len(below) and len(above):
            one, other = below[-1], above[0]
            gap = int(tables.row_number[other] - tables.row_number[one])
            if gap <= MAX_GAP and distance_m(self._point(one), self._point(other)) <= MAX_GAP_M:
                point = between(
                    self._point(one), self._point(other), (number - int(tables.row_number[one])) / max(1, gap)
                )
                return self._guess(point, "interpolated", int(one), BETWEEN * share, by, str(number))
        nearest = rows[int(np.argmin(np.abs(tables.row_number[rows] - number)))]
        return self._guess(self._point(nearest), "street", int(nearest), NEAREST * share, by, "")

    def _point(self, row: int) -> Point:
        return Point(float(self._tables.row_lat[row]) / DEGREE, float(self._tables.row_lon[row]) / DEGREE)

    def _guess(
        self, at: Point, precision: Precision, row: int, fit: float, by: tuple[Match, _Told, float], number: str
    ) -> Spot:
        match, told, _ = by
        locs = tuple(int(place) for place in self._tables.row_locs[row])
        code = int(self._tables.row_postcode[row])
        trust = match.trust * fit * told.where(locs, code, at.lat, at.lon) * self._nearness(at.lat, at.lon)
        return Spot(at.lat, at.lon, precision, trust, match.owner, number, code, locs)

    def _streets(self, match: Match, told: _Told, asked: Sequence[Asked]) -> list[Spot]:
        """The street itself; a name by which only houses go is where its first house is."""
        tables = self._tables
        used = asked[0].used if asked else ()
        fit = (NEAREST if asked else ALONE) * told.rest(used)
        by = (match, told, fit)
        first, last = (int(bound) for bound in self._streets_of[match.owner : match.owner + 2])
        found = []
        for street in range(first, min(last, first + MAX_ROWS)):
            lat, lon = float(tables.street_lat[street]) / DEGREE, float(tables.street_lon[street]) / DEGREE
            locs = tuple(int(place) for place in tables.street_locs[street])
            trust = match.trust * fit * told.where(locs, -1, lat, lon) * self._nearness(lat, lon)
            found.append(Spot(lat, lon, "street", trust, match.owner, "", -1, locs))
        low, high = (int(bound) for bound in tables.group_rows[match.owner : match.owner + 2])
        if not found and low < high:
            row = (low + high) // 2
            found.append(self._guess(self._point(row), "street", row, fit, by, ""))
        return found


def _fit(wanted: Asked, suffix: str) -> float:
    """How well a house's letter answers the one asked for."""
    letter = wanted.number.suffix
    if letter == suffix:
        return STAIRCASE if wanted.loose and not letter else 1.0
    if not letter:
        return ONE_OF_SEVERAL
    if not suffix:
        return STAIRCASE if wanted.loose or letter.startswith("/") else NO_LETTER
    return OTHER_LETTER


def _whole(wanted: Asked, label: str) -> float:
    """Whether a range is answered by the same range, one number by one number."""
    written = whole(label)
    if not wanted.whole:
        return MORE_THAN_IT if "-" in written else 1.0
    return 1.0 if wanted.whole == written else PART_OF_IT


class _Told:
    """What the line says besides a street and its number, and how well a point on the map fits that."""

    def __init__(
        self, tables: Tables, reading: Reading, match: Match, codes: Sequence[Span], towns: Sequence[Span]
    ) -> None:
        self._tables, self._reading, self._match = tables, reading, match
        self._codes, self._towns = codes, towns
        self._code_ids = {code.what for code in codes if code.what >= 0}
        self._town_ids = {town.what: town.trust for town in towns}
        self._country = _country(tables, reading, match)
        spans = [*codes, *towns, *(span for span, _ in reading.countries)]
        self._explained = {at for span in spans for at in range(span.start, span.end)}
        self._explained |= {at for at, word in enumerate(reading.tokens) if word.text in KINDS}
        self._explained |= set(range(match.start, match.end))

    def towns_said(self) -> list[int]:
        """Ids of the towns that the line names."""
        return list(self._town_ids)

    def rest(self, used: Iterable[int]) -> float:
        """The price of the words that are left when the number's tokens are `used`."""
        used = set(used)
        beside, elsewhere, behind = unexplained(
            self._reading, self._explained | used, self._match.start, self._match.end
        )
        stray = any(code.what < 0 and not used & set(range(code.start, code.end)) for code in self._codes)
        price = BESIDE**beside * ELSEWHERE**elsewhere * BEHIND ** min(2, behind)
        return price * (CODE_UNKNOWN if stray and self._tables.postcodes else 1.0) * self._country

    def numbered(self, wanted: Asked) -> float:
        """The price of the words that are left when the number is this one, and of its being theirs."""
        start, end = self._match.start, self._match.end
        others = is_of_other_words(self._reading, self._explained, wanted, start, end)
        return self.rest(wanted.used) * (NUMBER_OF_OTHERS if others else 1.0)

    def where(self, locs: tuple[int, ...], code: int, lat: float, lon: float) -> float:
        """How well town and postcode fit."""
        town = self._town(locs, lat, lon)
        if not self._code_ids or code < 0 or code in self._code_ids:
            if self._code_ids and code < 0:
                return town * CODE_UNSAID
            return max(town, 0.92) if self._code_ids and town >= TOWN_OTHER_NEAR else town
        return town * (CODE_OTHER_TOWN_RIGHT if town > TOWN_UNSAID else CODE_OTHER)

    def _town(self, locs: tuple[int, ...], lat: float, lon: float) -> float:
        if not self._town_ids:
            return TOWN_UNSAID
        named = [self._town_ids[place] for place in locs if place in self._town_ids]
        if named:
            return 0.97 + 0.03 * max(named)
        away = min(distance_m(self._place(town), Point(lat, lon)) for town in self._town_ids)
        return TOWN_OTHER_NEAR if away < 3000 else TOWN_OTHER if away < 12_000 else TOWN_FAR

    def _place(self, town: int) -> Point:
        tables = self._tables
        return Point(float(tables.locality_lat[town]) / DEGREE, float(tables.locality_lon[town]) / DEGREE)


def _country(tables: Tables, reading: Reading, match: Match) -> float:
    """The price of a country that the map is not of."""
    said = {code for span, code in reading.countries if span.apart(match.start, match.end)}
    wrong = bool(said) and bool(tables.countries) and not said & set(tables.countries)
    return COUNTRY_OTHER if wrong else 1.0
