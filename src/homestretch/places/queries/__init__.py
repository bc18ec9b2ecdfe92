"""Reads of places and of what is drawn around them, inside a scope."""

from homestretch.places.queries.drawn import (
    as_features,
    is_served,
    served,
    service_area,
    service_areas,
    zone,
    zones,
    zones_at,
    zones_of,
)
from homestretch.places.queries.known import (
    cached_lookup,
    duplicates,
    median_service_s,
    place,
    places,
    places_by_id,
    seen_at,
    services,
)

__all__ = [
    "as_features",
    "cached_lookup",
    "duplicates",
    "is_served",
    "median_service_s",
    "place",
    "places",
    "places_by_id",
    "seen_at",
    "served",
    "service_area",
    "service_areas",
    "services",
    "zone",
    "zones",
    "zones_at",
    "zones_of",
]
