"""Facts about routes on the road and their stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class RouteReleased(Fact):
    """A route was given to its driver."""

    type: ClassVar[str] = "route.released"
    route_id: UUID
    plan_id: UUID | None
    driver_id: UUID
    stops: int


@dataclass(frozen=True, slots=True)
class RouteAccepted(Fact):
    """The driver took the route."""

    type: ClassVar[str] = "route.accepted"
    route_id: UUID


@dataclass(frozen=True, slots=True)
class RouteRejected(Fact):
    """The driver did not take the route."""

    type: ClassVar[str] = "route.rejected"
    route_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RouteLoading(Fact):
    """The driver began to load the vehicle."""

    type: ClassVar[str] = "route.loading"
    route_id: UUID


@dataclass(frozen=True, slots=True)
class RouteStarted(Fact):
    """The driver set out."""

    type: ClassVar[str] = "route.started"
    route_id: UUID


@dataclass(frozen=True, slots=True)
class RouteUpdated(Fact):
    """Stops of a running route were added, removed or put in another order."""

    type: ClassVar[str] = "route.updated"
    route_id: UUID
    version: int
    change: str


@dataclass(frozen=True, slots=True)
class RouteRead(Fact):
    """The driver said to have read what was changed on the route."""

    type: ClassVar[str] = "route.read"
    route_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class RouteFinished(Fact):
    """The route is over."""

    type: ClassVar[str] = "route.finished"
    route_id: UUID


@dataclass(frozen=True, slots=True)
class RouteDriven(Fact):
    """How far a finished route was driven is known, by its positions."""

    type: ClassVar[str] = "route.driven"
    route_id: UUID
    meters: int


@dataclass(frozen=True, slots=True)
class RouteRecalled(Fact):
    """A route was taken back before it started."""

    type: ClassVar[str] = "route.recalled"
    route_id: UUID


@dataclass(frozen=True, slots=True)
class ShiftStarted(Fact):
    """A driver began the working span."""

    type: ClassVar[str] = "shift.started"
    shift_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class ShiftEnded(Fact):
    """A driver ended the working span."""

    type: ClassVar[str] = "shift.ended"
    shift_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class BreakStarted(Fact):
    """A break began."""

    type: ClassVar[str] = "shift.break_started"
    shift_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class BreakEnded(Fact):
    """A break ended."""

    type: ClassVar[str] = "shift.break_ended"
    shift_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class StopEnRoute(Fact):
    """The driver set out to the stop."""

    type: ClassVar[str] = "stop.en_route"
    stop_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class StopArrived(Fact):
    """The driver is at the stop, by a tap or by the geofence."""

    type: ClassVar[str] = "stop.arrived"
    stop_id: UUID
    route_id: UUID
    seen_by: str


@dataclass(frozen=True, slots=True)
class StopDeparted(Fact):
    """The driver left the stop."""

    type: ClassVar[str] = "stop.departed"
    stop_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class StopCompleted(Fact):
    """All that was to be done at the stop was done."""

    type: ClassVar[str] = "stop.completed"
    stop_id: UUID
    route_id: UUID
    order_ids: tuple[UUID, ...]
    left_with: str


@dataclass(frozen=True, slots=True)
class StopPartial(Fact):
    """Some of it was done."""

    type: ClassVar[str] = "stop.partial"
    stop_id: UUID
    route_id: UUID
    order_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class StopFailed(Fact):
    """None of it was done, for this reason."""

    type: ClassVar[str] = "stop.failed"
    stop_id: UUID
    route_id: UUID
    order_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class StopSkipped(Fact):
    """The driver put the stop off."""

    type: ClassVar[str] = "stop.skipped"
    stop_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class StopCancelled(Fact):
    """The stop was taken off its route."""

    type: ClassVar[str] = "stop.cancelled"
    stop_id: UUID
    route_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class StopReportedLate(Fact):
    """A phone reported an outcome of a stop that had ended otherwise before: kept, not applied."""

    type: ClassVar[str] = "stop.reported_late"
    stop_id: UUID
    route_id: UUID
    intent_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class ReportRefused(Fact):
    """A phone reported an outcome of a stop that is not its driver's any more: kept with the intent, not applied."""

    type: ClassVar[str] = "driver.report_refused"
    driver_id: UUID
    intent_id: UUID
    stop_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class ProofCaptured(Fact):
    """A proof was taken at the door."""

    type: ClassVar[str] = "proof.captured"
    proof_id: UUID
    stop_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ProofErased(Fact):
    """The words and the picture of a proof were erased with the person; that it was taken stays."""

    type: ClassVar[str] = "proof.erased"
    proof_id: UUID
    stop_id: UUID


@dataclass(frozen=True, slots=True)
class PackageScanned(Fact):
    """A package was scanned: loaded, delivered, collected, returned, handed over, or missed."""

    type: ClassVar[str] = "package.scanned"
    package_id: UUID
    route_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class ReturnCreated(Fact):
    """Goods of a failed delivery go back to the depot."""

    type: ClassVar[str] = "return.created"
    return_id: UUID
    order_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class DriverTold(Fact):
    """A dispatcher wrote to the driver of a route."""

    type: ClassVar[str] = "driver.told"
    driver_id: UUID
    route_id: UUID
    message_id: UUID
