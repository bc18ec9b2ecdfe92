"""Lists by cursor: a page, and where the next begins. Cursors are signed and opaque; none survives another key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from ninja import Schema
from pydantic import Field

from homestretch.kernel.facts import plain
from homestretch.kernel.refusal import Refusal

DEFAULT, MOST = 50, 200
T = TypeVar("T")


class PageQuery(Schema):
    """Which part of a list: take it by `page: Query[PageQuery]`."""

    cursor: str | None = Field(None, max_length=800, description="`next` of the page before; none: the first page.")
    limit: int = Field(DEFAULT, ge=1, le=MOST, description="Most items in the answer.")


class Page(Schema, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(max_length=MOST)
    next: str | None = Field(None, max_length=800, description="Cursor of the next page; null on the last.")


def page(
    rows: QuerySet[Any],
    cursor: str | None,
    limit: int = DEFAULT,
    *,
    key: Sequence[str] = ("created_at", "id"),
    descending: bool = False,
    show: Callable[[Any], Any] | None = None,
) -> dict[str, Any]:
    """`{"items", "next"}` of `rows` in the order of `key`, which must be unique as a whole and hold no nulls.

    Call it inside the scope: rows are read here, and `show`, where given, turns each into its answer here too.
    Refuses `page.cursor_invalid`.
    """
    salt = f"page:{rows.model._meta.label}:{','.join(key)}:{descending}"
    if cursor is not None:
        values = [
            _typed(rows.model, name, value) for name, value in zip(key, _read(cursor, salt, len(key)), strict=True)
        ]
        rows = rows.filter(_after(key, values, "lt" if descending else "gt"))
    found = list(rows.order_by(*(f"-{name}" if descending else name for name in key))[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    last = [plain(_value(found[-1], name)) for name in key] if more else None
    return {
        "items": [show(row) for row in found] if show else found,
        "next": signing.dumps(last, salt=salt) if last is not None else None,
    }


def _after(key: Sequence[str], values: list[Any], comparison: str) -> Q:
    """Rows behind `values`: the first name decides, or it is equal and the rest decides."""
    name, value = key[0], values[0]
    behind = Q(**{f"{name}__{comparison}": value})
    return behind | Q(**{name: value}) & _after(key[1:], values[1:], comparison) if key[1:] else behind


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _read(cursor: str, salt: str, length: int) -> list[Any]:
    try:
        values = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Refusal(
            "page.cursor_invalid", "this cursor is not of this list", remedy="begin without a cursor", field="cursor"
        )
    return values


def _typed(model: type[Model], name: str, value: Any) -> Any:
    """What JSON made text of, as its column holds it; annotations stay as they are."""
    *path, last = name.split("__")
    try:
        for part in path:
            model = model._meta.get_field(part).related_model
        return model._meta.get_field(last).to_python(value)
    except FieldDoesNotExist:
        return value
