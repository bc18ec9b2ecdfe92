"""Small readers of raw input. Each refusal carries the path of the field: `tasks[0].windows[1].end`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Any
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import check_day

MAX_METADATA = 8000
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


@contextmanager
def inside(path: str) -> Iterator[None]:
    """Put `path` before the field of a refusal that comes out of it."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = f"{path}.{refusal.field}" if refusal.field else path
        raise


def text(raw: Mapping[str, Any], name: str, limit: int, *, needed: bool = False) -> str:
    """A trimmed text, '' where there is none. Refuses `field.missing`, `field.not_text`, `field.too_long`."""
    value = raw.get(name)
    if value is None or value == "":
        if needed:
            raise Refusal("field.missing", f"{name} is missing", remedy=f"give {name}", field=name)
        return ""
    if not isinstance(value, str):
        raise Refusal("field.not_text", f"{name} is not a text", remedy="give a text", field=name)
    value = value.strip()
    if len(value) > limit:
        raise Refusal(
            "field.too_long", f"{name} has {len(value)} characters", remedy=f"at most {limit}", field=name, limit=limit
        )
    if any(ord(c) < 32 and c not in "\n\r\t" for c in value):
        raise Refusal("field.not_text", f"{name} holds control characters", remedy="take them out", field=name)
    return value


def whole(raw: Mapping[str, Any], name: str, low: int, high: int, default: int | None = None) -> int | None:
    """A whole number from `low` to `high`. Refuses `field.out_of_range`."""
    value = raw.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refusal(
            "field.out_of_range",
            f"{name} is {str(value)[:20]}",
            remedy=f"give a whole number from {low} to {high}",
            field=name,
        )
    return value


def number(raw: Mapping[str, Any], name: str) -> float | None:
    """A number. Refuses `field.not_number`."""
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal("field.not_number", f"{name} is {str(value)[:20]!r}", remedy="give a number", field=name)
    return float(value)


def day(raw: Mapping[str, Any], name: str) -> date | None:
    """A day. Refuses `field.not_day` and `day.out_of_range`."""
    value = raw.get(name)
    if value is None:
        return None
    try:
        return check_day(value if isinstance(value, date) else date.fromisoformat(value), field=name)
    except (TypeError, ValueError) as error:
        raise Refusal("field.not_day", f"{str(value)[:20]!r}", remedy="write 2026-11-23", field=name) from error


def clock(value: object) -> time | None:
    """A wall time `8:00` or `08:00:00`; None for what is written otherwise."""
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    return time(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def ident(raw: Mapping[str, Any], name: str) -> UUID | None:
    """An id. Refuses `field.not_id`."""
    value = raw.get(name)
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError) as error:
        raise Refusal("field.not_id", f"{name} is no id", remedy="give a UUID", field=name) from error


def rows(raw: Mapping[str, Any], name: str, limit: int, code: str) -> list[Any]:
    """A list of at most `limit`. Refuses `code` for more, `field.not_list` for anything else."""
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Refusal("field.not_list", f"{name} is not a list", remedy="give a list", field=name)
    if len(value) > limit:
        raise Refusal(code, f"{len(value)} {name}", remedy=f"at most {limit}", field=name, limit=limit)
    return list(value)


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """An object. Refuses `field.not_object`."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Refusal("field.not_object", f"{name} is not an object", remedy="give an object", field=name)
    return value


def metadata(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Free metadata of at most 8,000 characters as JSON. Refuses `order.metadata_too_large`."""
    value = mapping(raw.get("metadata"), "metadata")
    if len(json.dumps(value, default=str)) > MAX_METADATA:
        raise Refusal(
            "order.metadata_too_large", "the metadata is too large", remedy="at most 8,000 characters", field="metadata"
        )
    return dict(value)
