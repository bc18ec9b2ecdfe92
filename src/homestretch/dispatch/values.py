"""Values that dispatch takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How one task of a stop went, where it differs from its stop. `state`: completed, partial, failed."""

    task_id: UUID
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StopOutcome:
    """How a stop went. `tasks` only for a partial one: those not named were completed.

    `lat`, `lon`: where the phone was. `left_with` and `reason` are words of `rules.reasons`.
    """

    reason: str = ""
    left_with: str = ""
    note: str = ""
    lat: float | None = None
    lon: float | None = None
    tasks: tuple[TaskOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofData:
    """A proof as it is captured. Photo and signature declare the SHA-256 of their bytes, the others carry `text`."""

    kind: str
    declared_sha256: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class IntentData:
    """What a driver tapped. `id` is the phone's own, `counter` its order, `at` the phone's clock."""

    id: UUID
    kind: str
    counter: int
    at: datetime
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IntentOutcome:
    """What became of an intent: applied, late (kept as a fact, changed nothing), refused (with the refusal)."""

    id: UUID
    outcome: str
    refusal: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BlobData:
    """Bytes that are in the store already, and the rendition that was drawn from them."""

    sha256: str
    size: int
    media_type: str
    rendition_sha256: str
    rendition_size: int
    rendition_media_type: str


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a live route is changed: with the breaches that come of it, and from which version it was read;
    of what moves to another route, from which version that one was."""

    accept_breaches: bool = False
    version: int | None = None
    to_version: int | None = None


STRICT = Terms()


@dataclass(frozen=True, slots=True)
class Halting:
    """A halt of an amended route, one of three: an open stop of any of the amended routes, a ready task, or a place
    where goods are taken over for `service_s` seconds."""

    stop_id: UUID | None = None
    task_id: UUID | None = None
    place_id: UUID | None = None
    service_s: int = 0


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Goods to be taken up at a halt: `pieces` for so many `stops`; `vehicle`: from which, "" at a depot."""

    pieces: int
    stops: int
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Amended:
    """A live route as it is to be: its open halts in their order. `version`: the one that it was read at."""

    route_id: UUID
    halts: tuple[Halting, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A live route as it might be: its halts (open stops, of other routes too, and tasks that wait) in their order, and
    those that are to be put where they fit `best`."""

    route_id: UUID
    halts: tuple[UUID, ...]
    best: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteSums:
    """What remains of a route in numbers: meters, seconds from now until it ends, seconds late in all, cost."""

    meters: int
    seconds: int
    late_s: int
    cost: int


@dataclass(frozen=True, slots=True)
class ForeseenStop:
    """A halt in time."""

    id: UUID
    arrive: datetime
    start: datetime
    leave: datetime
    late_s: int


@dataclass(frozen=True, slots=True)
class ForeseenBreach:
    """A rule that a change would break, or break worse: `stop_id` is the halt, '' for the whole route."""

    code: str
    stop_id: str
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would make of a live route; `breaches` are those that it brings or worsens."""

    route_id: UUID
    before: RouteSums
    after: RouteSums
    breaches: tuple[ForeseenBreach, ...]
    ends_at: datetime
    stops: tuple[ForeseenStop, ...]
