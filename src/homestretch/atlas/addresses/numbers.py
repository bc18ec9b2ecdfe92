"""House numbers: 12, 12a, 12 A, 12-14, 12/3, 36;38, 7 bis, block B."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homestretch.atlas.addresses.text import fold

MAX_NUMBER = 99_999
MAX_COVERED = 30  # more than this between the ends of a range: it is no range
_PART = re.compile(r"(\d{1,6})\s*(.*)")
_RANGE = re.compile(r"(\d{1,5})\s*([a-z]?)\s*-\s*(\d{1,5})\s*([a-z]?)")


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """`number` -1 where there is none; `suffix` what follows it, letters and digits only (`a`, `bis`, `/3`)."""

    number: int
    suffix: str = ""


def covered(text: str) -> list[HouseNumber]:
    """Every number that a house carries: each of a list, both ends of a range and what lies between on that side.

    The whole text comes first where it is a range, so that it is found as it is written."""
    found: list[HouseNumber] = []
    for part in re.split(r"[;,&]| und | and ", fold(text)):
        found += _of_part(part.strip())
    return list(dict.fromkeys(found))


def _of_part(part: str) -> list[HouseNumber]:
    ends = _RANGE.fullmatch(part)
    if ends:
        low, high = int(ends[1]), int(ends[3])
        if low < high and (high - low) // 2 <= MAX_COVERED:
            inner = [HouseNumber(n) for n in range(low + 2, high, 2)] if not (high - low) % 2 else []
            return [HouseNumber(low, ends[2]), *inner, HouseNumber(high, ends[4])]
        if low == high:
            return [HouseNumber(low, ends[2]), HouseNumber(low, ends[4])]
    return [one(part)] if part else []


def one(text: str) -> HouseNumber:
    """A single number of folded text; what has no leading digits is all suffix."""
    match = _PART.fullmatch(text.strip())
    if not match or int(match[1]) > MAX_NUMBER:
        return HouseNumber(-1, _plain(text))
    return HouseNumber(int(match[1]), _plain(match[2]))


def _plain(suffix: str) -> str:
    """`A` and `a` are one, `/3` and `-3` are; a number behind a number keeps its stroke."""
    letters = re.sub(r"[^\w/+-]", "", suffix).replace("-", "/").replace("+", "/")
    return letters if re.match(r"/\d", letters) else letters.replace("/", "")


def whole(text: str) -> str:
    """A list or range of numbers in one spelling: `36; 38` and `36-38` are one."""
    return re.sub(r"[\s;,&-]+", "-", fold(text))
