"""Lines as services write them into text, each point by its difference from the one before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from homestretch.kernel.geo import Point, read_point

_FLEXIBLE = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")}


def polyline(text: str, *, digits: int) -> tuple[Point, ...]:
    """A line in the encoded polyline format, of 5 or 6 decimal digits
    (https://developers.google.com/maps/documentation/utilities/polylinealgorithm). Raises `ValueError`."""
    numbers = [_signed(number) for number in _numbers([ord(letter) - 63 for letter in text])]
    return _points(numbers, 2, 10**digits)


def flexible_polyline(text: str) -> tuple[Point, ...]:
    """A line in HERE's format (https://github.com/heremaps/flexible-polyline): its heights are dropped.

    Raises `ValueError`."""
    if any(letter not in _FLEXIBLE for letter in text):
        raise ValueError("a letter that no line has")
    version, header, *rest = _numbers([_FLEXIBLE[letter] for letter in text])
    if version != 1:
        raise ValueError("another version of the format")
    return _points([_signed(number) for number in rest], 3 if header >> 4 & 7 else 2, 10 ** (header & 15))


def _numbers(digits: list[int]) -> Iterator[int]:
    """Whole numbers from digits of 5 bits, the least first, each but the last of a number with a sixth bit."""
    total = shift = 0
    for digit in digits:
        if not 0 <= digit < 64 or shift > 60:
            raise ValueError("no such digit")
        total |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            yield total
            total = shift = 0
    if shift:
        raise ValueError("the last number is not whole")


def _signed(number: int) -> int:
    return ~(number >> 1) if number & 1 else number >> 1


def _points(differences: list[int], width: int, scale: int) -> tuple[Point, ...]:
    if len(differences) % width:
        raise ValueError("the last point is not whole")
    lats, lons = accumulate(differences[::width]), accumulate(differences[1::width])
    return tuple(read_point(lat / scale, lon / scale) for lat, lon in zip(lats, lons, strict=True))
