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
    """The place has its pin: given, found, or confirmed."""

    type: ClassVar[str] = "place.located"
    place_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceCorrected(Fact):
    """A person put the pin where it belongs, or mended the access notes."""

    type: ClassVar[str] = "place.corrected"
    place_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceConfirmed(Fact):
    """Somebody vouches for a place's pin, as it stands or as phones at its door saw it: no geocoder moves it again."""

    type: ClassVar[str] = "place.confirmed"
    place_id: UUID
    confirmed_from: str


@dataclass(frozen=True, slots=True)
class PlaceEntranceLearned(Fact):
    """Phones stood together at a door, on several days, `meters` from the pin: it is the entrance from now on."""

    type: ClassVar[str] = "place.entrance_learned"
    place_id: UUID
    visits: int
    meters: int


@dataclass(frozen=True, slots=True)
class PlaceForgotten(Fact):
    """What was noted of a place for a person who was erased is gone: these fields are empty now."""

    type: ClassVar[str] = "place.forgotten"
    place_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceOutside(Fact):
    """A place lies outside every service area: orders to it wait until a person says that it is served all the same."""

    type: ClassVar[str] = "place.outside"
    place_id: UUID


@dataclass(frozen=True, slots=True)
class ZoneChanged(Fact):
    """A zone was drawn or changed; `fields` are the names of what is new."""

    type: ClassVar[str] = "zone.changed"
    zone_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneRemoved(Fact):
    """A zone was taken away."""

    type: ClassVar[str] = "zone.removed"
    zone_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceAreaChanged(Fact):
    """A service area was drawn or changed; `fields` are the names of what is new."""

    type: ClassVar[str] = "service_area.changed"
    service_area_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceAreaRemoved(Fact):
    """A service area was taken away."""

    type: ClassVar[str] = "service_area.removed"
    service_area_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceMerged(Fact):
    """A person said that a place is another one: new orders come to the survivor, and its address leads there."""

    type: ClassVar[str] = "place.merged"
    place_id: UUID
    survivor_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceUnmerged(Fact):
    """A merge was undone: the place stands by itself again, as it was."""

    type: ClassVar[str] = "place.unmerged"
    place_id: UUID
    survivor_id: UUID


@dataclass(frozen=True, slots=True)
class BlackoutChanged(Fact):
    """Days on which nothing is delivered were set or changed; `fields` are the names of what is new."""

    type: ClassVar[str] = "blackout.changed"
    blackout_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlackoutRemoved(Fact):
    """Days on which nothing was to be delivered are ordinary days again."""

    type: ClassVar[str] = "blackout.removed"
    blackout_id: UUID
