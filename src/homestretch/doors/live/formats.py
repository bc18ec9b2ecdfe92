"""Trackers' formats. Each parser ends in the rows that `tracking.rules.fixes` reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from homestretch.kernel.refusal import Refusal
from homestretch.tracking.rules.fixes import epoch_fix

METERS_PER_NAUTICAL_MILE = 1852


def query_of(text: str) -> dict[str, str]:
    """A query string or form body; of repeated names the first counts. Refuses `request.malformed`."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=60)
    except ValueError as error:
        raise Refusal("request.malformed", "too many fields", remedy="send one position at a time") from error
    return dict(reversed(pairs))


def osmand(query: Mapping[str, str], now: datetime) -> dict[str, object]:
    """OsmAnd's query, as Traccar Client sends it: `lat`, `lon`, `timestamp` (Unix seconds or milliseconds, or ISO),
    speed in knots, `bearing` or `heading` in degrees, `accuracy` in meters. Without a timestamp it is now."""
    lat, lon = query.get("lat", ""), query.get("lon", "")
    if "location" in query:
        lat, _, lon = query["location"].partition(",")
    values: dict[str, object] = {
        "lat": _number(lat),
        "lon": _number(lon),
        "speed_mh": _times(_number(query.get("speed", "")), METERS_PER_NAUTICAL_MILE),
        "bearing_deg": _number(query.get("bearing") or query.get("heading") or ""),
        "accuracy_m": _number(query.get("accuracy", "")),
    }
    return _timed(query.get("timestamp", ""), now, values)


def traccar(body: Any, now: datetime) -> dict[str, object]:
    """What newer Traccar Clients post: `{"device_id", "location": {"timestamp", "coords": {"latitude", "longitude",
    "accuracy", "speed" in meters per second, "heading"}}}`."""
    location = body.get("location") if isinstance(body, dict) else None
    coords = location.get("coords") if isinstance(location, dict) else None
    if not isinstance(location, dict) or not isinstance(coords, dict):
        raise Refusal("position.malformed", "no location.coords", remedy="send OsmAnd's query or Traccar's JSON")
    values = {
        "lat": coords.get("latitude"),
        "lon": coords.get("longitude"),
        "speed_mh": _times(coords.get("speed"), 3600),
        "bearing_deg": coords.get("heading"),
        "accuracy_m": coords.get("accuracy"),
    }
    return _timed(str(location.get("timestamp") or ""), now, values)


def owntracks(body: Any) -> list[dict[str, object]]:
    """OwnTracks in HTTP mode: an object with `_type: location`, `tst` (Unix seconds), `lat`, `lon`, `acc` in meters,
    `vel` in km/h, `cog` in degrees. Its other messages (transition, waypoint, status, ...) carry no position: []."""
    if not isinstance(body, dict):
        raise Refusal("position.malformed", "OwnTracks sends an object", remedy="set the app to HTTP mode")
    if body.get("_type") == "encrypted":
        raise Refusal("position.encrypted", "the payload is encrypted", remedy="clear the secret key in the app")
    if body.get("_type") != "location":
        return []
    seconds = body.get("tst")
    if not isinstance(seconds, (int, float)):
        raise Refusal("position.malformed", "tst is missing", remedy="send Unix seconds", field="tst")
    values = {
        "lat": body.get("lat"),
        "lon": body.get("lon"),
        "speed_mh": _times(body.get("vel"), 1000),
        "bearing_deg": body.get("cog"),
        "accuracy_m": body.get("acc"),
    }
    return [epoch_fix(seconds, **values)]


def _timed(text: str, now: datetime, values: dict[str, object]) -> dict[str, object]:
    if not text:
        return {"at": now, **values}
    seconds = _number(text)
    if seconds is not None:
        return epoch_fix(seconds, **values)
    try:
        moment = datetime.fromisoformat(text)
        at = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal("time.malformed", "no instant", remedy="send Unix seconds", field="timestamp") from error
    return {"at": at, **values}


def _times(value: object, factor: int) -> float | None:
    """A speed in meters per hour; what is no number is not known."""
    return value * factor if isinstance(value, (int, float)) else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
