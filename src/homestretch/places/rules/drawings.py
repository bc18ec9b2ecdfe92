"""What is said of a zone or service area beside its shape, and how a file of them is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.places.values import AreaData, ZoneData

MAX_NAME, MAX_EXTERNAL, MAX_METADATA = 120, 120, 8_000
MAX_PRIORITY = 100
MAX_FEATURES = 1_000
TOLD = 100  # refusals of a file that are listed
OURS = ("name", "external_id", "metadata", "priority", "depot_id")
A = TypeVar("A", bound=AreaData)


def check_area(data: AreaData) -> dict[str, Any]:
    """Name, external id and metadata as they are kept. Refuses `area.name_invalid`, `area.external_id_invalid`,
    `area.metadata_too_large`."""
    name = data.name.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise Refusal(
            "area.name_invalid", "it has no name or a long one", remedy=f"1 to {MAX_NAME} characters", field="name"
        )
    if data.external_id is not None and not 0 < len(data.external_id) <= MAX_EXTERNAL:
        raise Refusal(
            "area.external_id_invalid",
            "the external id is empty or long",
            remedy=f"1 to {MAX_EXTERNAL} characters, or none",
            field="external_id",
        )
    if len(json.dumps(data.metadata, default=str)) > MAX_METADATA:
        raise Refusal(
            "area.metadata_too_large", "too much", remedy=f"at most {MAX_METADATA} characters", field="metadata"
        )
    return {"name": name, "external_id": data.external_id, "metadata": dict(data.metadata)}


def check_priority(priority: int) -> None:
    """Refuses `zone.priority_invalid`."""
    if not 0 <= priority <= MAX_PRIORITY:
        raise Refusal(
            "zone.priority_invalid",
            f"{priority} is no priority",
            remedy=f"0 to {MAX_PRIORITY}; of zones that overlap the highest counts",
            field="priority",
        )


def read_zones(raw: Any) -> list[ZoneData | Refusal]:
    """The zones of a FeatureCollection, each as given or why not. Refuses as `read_features`."""
    return read_features(raw, _zone)


def read_service_areas(raw: Any) -> list[AreaData | Refusal]:
    """The service areas of a FeatureCollection, each as given or why not. Refuses as `read_features`."""
    return read_features(raw, _area)


def read_features(raw: Any, read: Callable[[Mapping[str, Any]], A]) -> list[A | Refusal]:
    """Each feature of a collection, or why it is refused. Refuses `area.not_a_collection`, `area.too_many_features`."""
    features = raw.get("features") if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or raw.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise Refusal(
            "area.not_a_collection",
            "this is no GeoJSON FeatureCollection",
            remedy='{"type": "FeatureCollection", "features": [...]}',
            field="type",
        )
    if not 0 < len(features) <= MAX_FEATURES:
        raise Refusal(
            "area.too_many_features",
            f"the file has {len(features)} features",
            remedy=f"1 to {MAX_FEATURES} in one file",
            field="features",
        )
    return [_or_refusal(feature, read) for feature in features]


def _or_refusal(feature: Any, read: Callable[[Mapping[str, Any]], A]) -> A | Refusal:
    try:
        if not isinstance(feature, Mapping) or not isinstance(feature.get("geometry"), Mapping):
            raise Refusal(
                "area.feature_invalid",
                "this is no feature with a geometry",
                remedy='{"type": "Feature", "geometry": {...}, "properties": {"name": "..."}}',
                field="geometry",
            )
        return read(feature)
    except Refusal as refusal:
        return refusal


def _area(feature: Mapping[str, Any]) -> AreaData:
    return AreaData(**_said(feature))


def _zone(feature: Mapping[str, Any]) -> ZoneData:
    given = _properties(feature)
    priority = given.get("priority") or 0
    check_priority(priority if type(priority) is int else -1)
    return ZoneData(**_said(feature), priority=priority, depot_id=_depot(given.get("depot_id")))


def _said(feature: Mapping[str, Any]) -> dict[str, Any]:
    """What is not ours among the properties is kept as metadata: other programs' words come back on the way out."""
    given = _properties(feature)
    metadata = given.get("metadata") if isinstance(given.get("metadata"), Mapping) else {}
    others = {str(name): value for name, value in given.items() if name not in OURS}
    external_id = given.get("external_id")
    return {
        "name": str(given.get("name") or ""),
        "geometry": feature["geometry"],
        "external_id": None if external_id in (None, "") else str(external_id),
        "metadata": {**dict(metadata or {}), **others},
    }


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    given = feature.get("properties")
    return given if isinstance(given, Mapping) else {}


def _depot(raw: Any) -> UUID | None:
    if raw in (None, ""):
        return None
    try:
        return UUID(str(raw))
    except ValueError:
        raise Refusal(
            "zone.depot_id_invalid", "this is no id", remedy="the id of a depot, or none", field="depot_id"
        ) from None


def features_refused(refusals: Sequence[tuple[int, Refusal]]) -> Refusal:
    """The one refusal of a file, with those of its features: number in the file, code, field, cause, remedy, point."""
    listed = [
        {
            "feature": number,
            "code": refusal.code,
            "field": f"features[{number}].{refusal.field}" if refusal.field else f"features[{number}]",
            "cause": refusal.cause,
            "remedy": refusal.remedy,
            **refusal.details,
        }
        for number, refusal in refusals[:TOLD]
    ]
    return Refusal(
        "area.features_refused",
        f"{len(refusals)} of the features are refused, and none was taken",
        remedy="mend what is listed in the details, and send the whole file again",
        field=listed[0]["field"],
        refusals=listed,
        count=len(refusals),
    )
