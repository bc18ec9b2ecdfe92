"""Decisions about places: when two addresses are one place, and when a geocoder may be believed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homestretch.kernel.geo import Point, distance_m, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.places.values import Found, PlaceData

# queued: the geocoder will be asked; needs_review: it was unsure; not_located: it found nothing.
STATES: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"located", "needs_review", "not_located"}),
    "needs_review": frozenset({"located", "queued"}),
    "not_located": frozenset({"located", "queued"}),
    "located": frozenset({"located", "queued"}),
}
TO_FIX = ("needs_review", "not_located")
APART_M = 200  # one address, coordinates further apart than this: two places
TRUSTED = 0.8  # confidence from which a geocoder's answer is taken without a person
LOOKUPS = 5  # failed calls of the geocoder before a person must look
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


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_apart(known: Point | None, source: str, given: Point | None) -> bool:
    """Whether coordinates given with a known address mean another place. A pin that a person set is never doubted."""
    if known is None or given is None or source == "person":
        return False
    return distance_m(known, given) > APART_M


@dataclass(frozen=True, slots=True)
class Judged:
    """What a geocoder's answer makes of a place."""

    state: str
    best: Found | None


def judge(found: Sequence[Found]) -> Judged:
    """Believe the best candidate if it is one building and trusted; else a person looks."""
    if not found:
        return Judged("not_located", None)
    best = max(found, key=lambda candidate: candidate.confidence)
    if best.precision == "address" and best.confidence >= TRUSTED:
        return Judged("located", best)
    return Judged("needs_review", best)
