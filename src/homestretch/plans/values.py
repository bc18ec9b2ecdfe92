"""Values that plans hand to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homestretch.kernel.windows import Window


@dataclass(frozen=True, slots=True)
class StopDraft:
    """A visit as it is to be driven: one halt at one place for all its tasks. Service begins at `leave - service_s`."""

    place_id: UUID
    task_ids: tuple[UUID, ...]
    arrive: datetime
    leave: datetime
    service_s: int
    windows: tuple[Window, ...] = ()  # instants that all its tasks share; () = any time


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """What one shift is to drive, by one revision of a plan. `meters` and `cost` (minor units) of the whole route."""

    shift_id: UUID
    planned_start: datetime
    planned_end: datetime
    meters: int
    cost: int
    stops: tuple[StopDraft, ...]
