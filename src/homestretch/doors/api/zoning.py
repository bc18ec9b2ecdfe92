"""Zones and service areas as the API takes and shows them. Geometry is GeoJSON: lon before lat in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from homestretch.doors.api.ordering import Given
from homestretch.places.values import AreaData, ZoneData
from homestretch.web.schemas import Metadata

SQUARE = {"type": "Polygon", "coordinates": [[[6.1, 49.6], [6.2, 49.6], [6.2, 49.7], [6.1, 49.7], [6.1, 49.6]]]}
GEOMETRY: Any = Field(
    max_length=10, description="GeoJSON Polygon or MultiPolygon, at most 10,000 points.", examples=[SQUARE]
)
Geometry = dict[str, Any]
Feature = Annotated[dict[str, Any], Field(max_length=50)]


class AreaIn(Given):
    """A drawing."""

    name: str = Field(max_length=500, examples=["North bank"])
    geometry: Geometry = GEOMETRY
    external_id: str | None = Field(None, max_length=500, description="As another system calls it.")
    metadata: Metadata = Field(default_factory=dict, description="Yours; at most 8,000 characters.")

    def data(self) -> AreaData:
        """As the action takes it."""
        return AreaData(self.name, self.geometry, self.external_id, self.metadata)


class ZoneIn(AreaIn):
    """A zone."""

    priority: int = Field(0, description="0 to 100: of zones that overlap the highest counts, then the smallest.")
    depot_id: UUID | None = Field(None, description="Only for plans of this depot; null: for all.")

    def data(self) -> ZoneData:
        """As the action takes it."""
        return ZoneData(self.name, self.geometry, self.external_id, self.metadata, self.priority, self.depot_id)


class FeaturesIn(Schema):
    """A GeoJSON FeatureCollection. Of a feature's properties `name`, `external_id`, `metadata` and, for zones,
    `priority` and `depot_id` are ours; others are kept as metadata."""

    type: str = Field(max_length=40, examples=["FeatureCollection"])
    features: list[Feature] = Field(max_length=5_000, description="At most 1,000.")


class FeaturesOut(Schema):
    """A GeoJSON FeatureCollection, in the form in which it may be brought in again."""

    type: str
    features: list[dict[str, Any]]


class BroughtOut(Schema):
    """What a file drew: all of it."""

    ids: list[UUID] = Field(description="In the file's order.")


class AreaRowOut(Schema):
    """A drawing without its geometry, with the box around it."""

    id: UUID
    name: str
    south: float
    west: float
    north: float
    east: float
    external_id: str | None
    metadata: dict[str, Any]
    version: int
    created_at: datetime


class AreaOut(AreaRowOut):
    """A drawing."""

    geometry: dict[str, Any]


class ZoneRowOut(AreaRowOut):
    """A zone without its geometry."""

    priority: int
    depot_id: UUID | None


class ZoneOut(ZoneRowOut):
    """A zone."""

    geometry: dict[str, Any]


class AtOut(Schema):
    """What a point lies in."""

    zone: str | None = Field(description="The zone that counts.")
    zones: list[str] = Field(description="All that hold it, the one that counts first.")
    served: bool = Field(description="Inside a service area, or none is drawn.")
