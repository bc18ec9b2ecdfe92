"""What plans hand to others: routes to be released, revisions to be shown. Frozen; instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from homestretch.kernel.windows import Window
from homestretch.planner.odds import Margin, Odds


@dataclass(frozen=True, slots=True)
class StopDraft:
    """A halt as planned: service begins at `start`, at or after `arrive`. `service_s` is what it takes by itself; with
    a margin it is planned to last longer, until `leave`."""

    place_id: UUID
    task_ids: tuple[UUID, ...]
    arrive: datetime
    start: datetime
    leave: datetime
    service_s: int
    windows: tuple[Window, ...]
    late_s: int = 0
    visit: str = ""


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """What one shift would drive. `meters` and `cost` (minor units) hold for the whole route."""

    shift_id: UUID
    start: datetime
    end: datetime
    meters: int
    cost: int
    stops: tuple[StopDraft, ...]
    breaks: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """A visit on no route, with the planner's reasons: [{"code", "shift", "text", "would_let_in", "amount"}]."""

    visit: str
    task_ids: tuple[UUID, ...]
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One state of a plan with its derived times."""

    plan_id: UUID
    day: date
    number: int
    parent: int
    why: str
    cost: int
    rung: str
    travel: dict[str, Any]  # profile -> where its times come from, see `store.travel_note`
    margin: Margin | None  # what its times are stretched by; None: they are the usual ones
    routes: tuple[RouteDraft, ...]
    unassigned: tuple[Left, ...]
    breaches: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class OddsView:
    """How sure a revision is. `model`: the version of the model of times, 0 is the built-in one; `samples`: how many
    times the plan was driven."""

    plan_id: UUID
    number: int
    model: int
    samples: int
    odds: Odds
