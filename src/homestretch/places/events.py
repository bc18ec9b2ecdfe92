"""Facts about places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class PlaceNeedsReview(Fact):
    """The geocoder was not sure, or found nothing: a person must look."""

    type: ClassVar[str] = "place.needs_review"
    place_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class PlaceLocated(Fact):
    """The geocoder found the place."""

    type: ClassVar[str] = "place.located"
    place_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceCorrected(Fact):
    """A person put the pin where it belongs, or mended the access notes."""

    type: ClassVar[str] = "place.corrected"
    place_id: UUID
    fields: tuple[str, ...]
