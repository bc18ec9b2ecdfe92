"""Values of recovery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an exception is raised. `key` names the cause: while one is open for it, no second is raised. `decided_by`:
    the member whose decision it was, if it was one."""

    kind: str
    key: str
    severity: str
    reason: str = ""
    order_id: UUID | None = None
    route_id: UUID | None = None
    stop_id: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)
    decided_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which exceptions a list shows; None does not narrow."""

    state: str | None = None
    kind: str | None = None
    severity: str | None = None
    assigned_to: UUID | None = None
    order_id: UUID | None = None
    route_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a proposal is asked for: `kind` is one of `rules.proposing.CAUSES`; of a route (vehicle_down, late,
    given_back), an order (insert) or a stop that failed (retry). `scope` None: as the kind suggests."""

    kind: str
    route_id: UUID | None = None
    order_id: UUID | None = None
    stop_id: UUID | None = None
    scope: str | None = None
    route_ids: tuple[UUID, ...] = ()
    exception_id: UUID | None = None
