"""Facts about plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class PlanAsked(Fact):
    """A plan was asked for."""

    type: ClassVar[str] = "plan.asked"
    plan_id: UUID
    day: date
    purpose: str


@dataclass(frozen=True, slots=True)
class PlanSolved(Fact):
    """The solver ended, and its answer stands as a revision."""

    type: ClassVar[str] = "plan.solved"
    plan_id: UUID
    revision: int
    purpose: str
    routes: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class PlanFailed(Fact):
    """The solver gave no answer that may stand."""

    type: ClassVar[str] = "plan.failed"
    plan_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class PlanEdited(Fact):
    """A person changed a plan, or took a change back."""

    type: ClassVar[str] = "plan.edited"
    plan_id: UUID
    revision: int
    why: str
    shifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReleased(Fact):
    """A revision went on the road."""

    type: ClassVar[str] = "plan.released"
    plan_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class PlanSuperseded(Fact):
    """Another plan took the place of this one."""

    type: ClassVar[str] = "plan.superseded"
    plan_id: UUID
    by_plan_id: UUID


@dataclass(frozen=True, slots=True)
class PlanDropped(Fact):
    """A plan was thrown away."""

    type: ClassVar[str] = "plan.dropped"
    plan_id: UUID
