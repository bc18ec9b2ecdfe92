"""Reads of places and of what is drawn around them, inside a scope."""

from homestretch.places.queries.blackouts import blackout, blackouts, blackouts_on
from homestretch.places.queries.drawn import (
    as_features,
    inside,
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
    "blackout",
    "blackouts",
    "blackouts_on",
    "cached_lookup",
    "duplicates",
    "inside",
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
