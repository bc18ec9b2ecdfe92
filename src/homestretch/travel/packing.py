"""How observed speeds are kept: one compressed archive of numbers a source, read whole."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import numpy as np

from homestretch.travel.models import SpeedSet
from homestretch.travel.rules.speeds import Speed

_FIELDS = ("way", "direction", "day", "hour_from", "hour_to", "mm_s", "factor_milli")


def packed(speeds: Sequence[Speed]) -> bytes:
    """An archive of int64 columns."""
    out = io.BytesIO()
    columns = {name: np.array([getattr(speed, name) for speed in speeds], dtype=np.int64) for name in _FIELDS}
    np.savez_compressed(out, **columns)  # type: ignore[arg-type]  # the stub takes one more keyword
    return out.getvalue()


def unpacked(data: bytes) -> tuple[Speed, ...]:
    """The speeds of `packed`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        columns = [archive[name].tolist() for name in _FIELDS]
    return tuple(Speed(*row) for row in zip(*columns, strict=True))


@lru_cache(maxsize=16)
def loaded(set_id: UUID, version: int) -> tuple[Speed, ...]:
    """The speeds of a set: a version never changes, so the newest few are kept in memory. In a scope."""
    return unpacked(bytes(SpeedSet.objects.get(id=set_id, version=version).data))
