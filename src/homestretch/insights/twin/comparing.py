"""A past day held against what might have been: the table of `homestretch twin`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from homestretch.insights.twin.conduct import Conduct, policies
from homestretch.insights.twin.ledger import Measures
from homestretch.insights.twin.past import Past, apart_s, driven_again, fleet_of, happened, wider
from homestretch.insights.twin.planning import planned_for
from homestretch.insights.twin.playing import Day
from homestretch.insights.twin.scene import Scene
from homestretch.insights.twin.truth import PastTruth
from homestretch.kernel.refusal import Refusal
from homestretch.planner.stopping import Seconds, Until
from homestretch.recovery.rules.proposing import Prices

PLAN_S, MOST_WIDER = 3.0, timedelta(hours=12)
UNASKED_S = 60  # of a promise, where the policy proposes nothing unasked: the twin has nobody who asks


@dataclass(frozen=True, slots=True)
class Other:
    """What is to be different: so many vans, without some, windows wider, and the policies by name."""

    vans: int | None = None
    without: tuple[str, ...] = ()
    wider: timedelta = timedelta()
    policies: tuple[str, ...] = ("none", "greedy", "full", "ours")


def compared(
    past: Past, other: Other, prices: Prices, search: Callable[[], Until], plan: Callable[[], Until] | None = None
) -> dict[str, Any]:
    """What happened, the day as it was driven, and each policy on the day as it might have been. Refuses
    `twin.vehicle_unknown`, `twin.no_vans`, `twin.wider_invalid`."""
    prices = replace(prices, suggest_late_s=prices.suggest_late_s or UNASKED_S)
    scene = changed(past.scene, other, prices, plan or (lambda: Seconds(PLAN_S)))
    again = driven_again(past)
    rows = [_row("happened", happened(past), None) | {"stops_moved": None}, _played("as driven", again)]
    ways = policies(Conduct(prices=prices, until=search))
    rows += [_played(name, Day(_fresh(scene), ways[name])) for name in other.policies]
    median_s, p90_s = apart_s(past, again)
    return {
        "day": past.day.isoformat(),
        "vans": len(past.scene.vans),
        "tasks": len(past.scene.jobs),
        "came_in": sum(job.known_at is not None for job in past.scene.jobs),
        "left_out": past.left_out,
        "apart_s": {"median": median_s, "p90": p90_s},
        "rows": rows,
    }


def changed(scene: Scene, other: Other, prices: Prices, plan: Callable[[], Until]) -> Scene:
    """The day as it might have been. Only for other vans its morning is planned anew."""
    if not timedelta() <= other.wider <= MOST_WIDER:
        raise Refusal(
            "twin.wider_invalid",
            f"{other.wider / timedelta(minutes=1):.0f} minutes",
            remedy=f"0 to {MOST_WIDER / timedelta(minutes=1):.0f}",
            field="wider",
        )
    vans = fleet_of(scene.vans, other.vans, other.without)
    scene = wider(scene, other.wider)
    return scene if set(vans) == set(scene.vans) else planned_for(scene, vans, prices, plan)


def _fresh(scene: Scene) -> Scene:
    """With its truth asked nothing yet."""
    assert isinstance(scene.truth, PastTruth)
    return replace(scene, truth=scene.truth.of(scene.vans))


def _played(name: str, day: Day) -> dict[str, Any]:
    measures = day.play()
    assert isinstance(day.scene.truth, PastTruth)
    return _row(name, measures, day.scene.truth.seen)


def _row(name: str, measures: Measures, seen: float | None) -> dict[str, Any]:
    return {"row": name, **asdict(measures), "seen": seen}
