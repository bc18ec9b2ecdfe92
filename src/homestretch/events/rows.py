"""Rows by many ids at once, and values as they go on: an array is one value to the database, where ten thousand of a
list are each parsed; a text or a number is one to Python, where an id, an instant or JSON is taken apart for each row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Field, Func, QuerySet, TextField
from django.db.models.functions import Cast


def among(rows: QuerySet[Any], column: str, ids: Iterable[UUID | str]) -> QuerySet[Any]:
    """Those of the rows whose column (of uuids, of the model's own table) is one of the ids."""
    listed = "{" + ",".join(map(str, ids)) + "}"
    return rows.extra(  # noqa: S610  the names are a model's own, the ids a parameter
        where=[f'"{rows.model._meta.db_table}"."{column}" = any(%s::uuid[])'], params=[listed]
    )


def text(column: str) -> Cast:
    """A column (an id, JSON) as the database writes it."""
    return Cast(column, TextField())


def second(column: str | Func) -> Func:
    """A column (or what is made of some) of instants as whole seconds since 1970, what is below a second cut off."""
    as_it_comes: Field[int, int] = Field()
    return Func(column, template="floor(extract(epoch from %(expressions)s))::bigint", output_field=as_it_comes)
