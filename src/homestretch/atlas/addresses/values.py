"""What goes out of the address book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Precision = Literal["rooftop", "interpolated", "street", "place"]
RANK: dict[Precision, int] = {"rooftop": 0, "interpolated": 1, "street": 2, "place": 3}


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that may be meant. Degrees WGS84.

    `precision`: `rooftop` is the house or its entrance as mapped; `interpolated` lies between known numbers (or is the
    house without its letter); `street` is somewhere along it, `place` a town, a quarter or a postcode's middle.
    `score` 0 to 1 says how surely it is the one meant; where several houses fit as well, none scores high.
    """

    lat: float
    lon: float
    label: str
    precision: Precision
    score: float
    street: str = ""
    number: str = ""
    city: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class AddressCounts:
    """What a build found: `houses` with an address, numbers `between` along numbered ways, `streets`, `places`."""

    houses: int
    between: int
    streets: int
    places: int
    postcodes: int
