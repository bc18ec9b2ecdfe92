"""Models of times: trained from own days, held against the one that serves, adopted if they are better.

Reading is done in a scope, training in none: it takes a minute, and no transaction may.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from homestretch.events.scope import scope
from homestretch.insights.models import EtaFact
from homestretch.insights.queries.driven import driven
from homestretch.insights.training.training import Judged, judged, split, trained
from homestretch.kernel.actor import Actor
from homestretch.tracking import actions as tracking
from homestretch.tracking.rules.conformal import widened
from homestretch.travel import actions as travel_actions
from homestretch.travel import queries as travel
from homestretch.travel.rules.timing import Times
from homestretch.travel.rules.timing_form import packed

LEARNED_DAYS = 180
TRAIN_EVERY = timedelta(hours=20)
BETTER = 0.995  # of the incumbent's pinball loss: a change for nothing is none


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to. `version` None: too little is known to train from."""

    version: int | None
    adopted: bool
    days: int
    routes: int
    newcomer: Judged | None = None
    incumbent: Judged | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def is_due(at: datetime) -> bool:
    """Whether a day has passed since the last training. In a scope."""
    last = travel.trained_at()
    return last is None or at - last >= TRAIN_EVERY


def train(by: Actor, at: datetime) -> Trained:
    """Train on the last months, judge on the latest days of them, and let travel adopt the model if it is better."""
    with scope(by):
        known = driven(at.date() - timedelta(days=LEARNED_DAYS), at.date())
        serving = travel.times()
    if known is None:
        return Trained(None, adopted=False, days=0, routes=0)
    earlier, held_out = split(known)
    days, routes = len(set(known.day.tolist())), len(known.day)
    made = trained(earlier)
    if made is None:
        return Trained(None, adopted=False, days=days, routes=routes)
    newcomer, incumbent = judged(made, held_out), judged(serving, held_out)
    adopted = newcomer.pinball_s <= BETTER * incumbent.pinball_s
    row = _keep(made, (newcomer, incumbent), f"{routes} routes of {days} days", adopted=adopted, by=by, at=at)
    return Trained(row, adopted, days, routes, newcomer, incumbent)


def _keep(made: Times, verdicts: tuple[Judged, Judged], source: str, *, adopted: bool, by: Actor, at: datetime) -> int:
    newcomer, incumbent = verdicts
    report = {"newcomer": asdict(newcomer), "incumbent": asdict(incumbent)}
    row = travel_actions.keep_times(packed(made), report, source=source, adopt=adopted, by=by, at=at)
    return int(row.version)


def follow_days(by: Actor, at: datetime) -> None:
    """Let each depot's forecasts be as wide as its days since the model was adopted turned out to want."""
    with scope(by):
        serving = travel.serving_times()
        since = (
            serving.adopted_at.date() if serving and serving.adopted_at else at.date() - timedelta(days=LEARNED_DAYS)
        )
        rows = list(_days(since, at.date()))
    found: dict[tuple[UUID, int], list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault((row["depot_id"], row["horizon_min"]), []).append((row["count"], row["held"]))
    tracking.set_widths({key: widened(0.0, days) for key, days in found.items()}, by=by, at=at)


def _days(since: date, until: date) -> Any:
    facts = EtaFact.objects.filter(day__gt=since, day__lt=until)
    counts = facts.values("depot_id", "horizon_min", "day").annotate(
        count=Count("id"), held=Count("id", filter=Q(inside=True))
    )
    return counts.order_by("depot_id", "horizon_min", "day")
