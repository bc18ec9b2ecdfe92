"""What a place must say, and when two addresses are one place."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from homestretch.kernel.geo import Point, distance_m, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.places.values import PlaceData

APART_M = 200  # one address, coordinates further apart than this: two places
ALIKE = 0.85  # similarity from which two spellings are taken for one address
ABBREVIATIONS = {
    "st": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "dr": "drive",
    "blvd": "boulevard",
    "bd": "boulevard",
    "sq": "square",
    "pl": "place",
    "str": "strasse",
    "r": "rue",
    "tr": "triq",
}
MAX_ADDRESS, MAX_LABEL, MAX_NOTES, MAX_ACCESS_S = 500, 200, 2000, 3600


def read_place(data: PlaceData) -> PlaceData:
    """The place, checked. Refuses `place.missing`, `place.too_long`, `place.access_invalid` and bad coordinates."""
    if not data.address.strip() and data.point is None:
        raise Refusal(
            "place.missing",
            "neither an address nor coordinates are given",
            remedy="give the address, or lat and lon",
            field="address",
        )
    for name, limit in (("address", MAX_ADDRESS), ("label", MAX_LABEL), ("access_notes", MAX_NOTES)):
        check_length(name, getattr(data, name), limit)
    check_access(data.access_s)
    if data.point is not None:
        read_point(data.point.lat, data.point.lon, field="lat")
    return data


def check_length(name: str, text: str, limit: int) -> None:
    """Refuses `place.too_long`."""
    if len(text) > limit:
        raise Refusal("place.too_long", f"{name} has {len(text)} characters", remedy=f"at most {limit}", field=name)


def check_access(seconds: int) -> None:
    """Refuses `place.access_invalid`."""
    if not 0 <= seconds <= MAX_ACCESS_S:
        raise Refusal(
            "place.access_invalid",
            f"{seconds} seconds from the curb to the door",
            remedy=f"0 to {MAX_ACCESS_S}",
            field="access_s",
        )


def normal(address: str) -> str:
    """An address without case, punctuation and doubled blanks: what two spellings of one line share."""
    text = unicodedata.normalize("NFKC", address).casefold()
    return " ".join(re.findall(r"\w+", text))


def key_of(data: PlaceData) -> str:
    """The key of a place: of its address, or of its coordinates where it has none."""
    if data.address.strip():
        return _hash(f"address:{normal(data.address)}")
    return key_apart(data)


def key_apart(data: PlaceData) -> str:
    """The key of a place that shares its address with another one far from it. Coordinates to a meter."""
    if data.point is None:
        raise ValueError("a place apart has coordinates")
    return _hash(f"point:{normal(data.address)}:{data.point.lat:.5f}:{data.point.lon:.5f}")


def similarity(one: str, other: str) -> float:
    """How alike two addresses are, 0 to 1: their words in any order, abbreviations spelled out, accents left away. 0
    where the numbers in them differ: 12 and 14 are two houses, however alike the rest is."""
    return Spelling.of(one).likeness(Spelling.of(other))


def is_respelled(before: str, after: str) -> bool:
    """Whether two addresses are one, written in two ways."""
    return similarity(before, after) >= ALIKE


@dataclass(frozen=True, slots=True)
class Spelling:
    """An address taken apart: its words, sorted, and what holds a digit (house numbers, postcodes)."""

    words: tuple[str, ...]
    numbers: frozenset[str]

    @classmethod
    def of(cls, address: str) -> Spelling:
        """The parts of an address, without accents, abbreviations spelled out."""
        plain = unicodedata.normalize("NFKD", normal(address))
        tokens = "".join(letter for letter in plain if not unicodedata.combining(letter)).split()
        numbers = frozenset(token for token in tokens if any(map(str.isdigit, token)))
        return cls(tuple(sorted(_spelled_out(token) for token in tokens if token not in numbers)), numbers)

    def likeness(self, other: Spelling, *, least: float = 0.0) -> float:
        """How alike two are, 0 to 1; 0 where the numbers differ, and below `least`."""
        if self.numbers != other.numbers:
            return 0.0
        return ratio(" ".join(self.words), " ".join(other.words), score_cutoff=least * 100) / 100


def _spelled_out(word: str) -> str:
    if word.endswith("str") and len(word) > len("str"):
        return f"{word}asse"
    return ABBREVIATIONS.get(word, word)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def query_key(provider: str, text: str) -> str:
    """Under which an answer is kept: one for all spellings of an address that differ in case and punctuation."""
    return _hash(f"query:{provider}:{normal(text)}")


def is_apart(known: Point | None, given: Point | None, *, confirmed: bool) -> bool:
    """Whether coordinates given with a known address mean another place. A confirmed pin is never doubted."""
    if known is None or given is None or confirmed:
        return False
    return distance_m(known, given) > APART_M
