"""How large a day is, and how much goes wrong in it. Shares are of orders, times are seconds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from homestretch.kernel.geo import Point
from homestretch.simulation.disruptions import NONE, USUALLY_ABSENT, USUALLY_URGENT, Disruption
from homestretch.simulation.town.directory import Directory

FATES = {"absent": USUALLY_ABSENT, "refused": 0.015, "wrong_address": 0.01, "no_access": 0.015, "partial": 0.03}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated day."""

    seed: int
    day: date
    orders: int = 320
    vans: int = 9
    evening_vans: int = 4
    pieces: int = 68  # that fit into a van
    plan_s: int = 10  # CPU seconds of each search
    beat_s: int = 60  # how often a phone speaks
    position_s: int = 5  # how often a moving phone takes a position
    hands: int = 4
    fates: dict[str, float] = field(default_factory=lambda: dict(FATES))
    windows: float = 0.65  # with a time window
    evenings: float = 0.07  # windows that only the evening's vans can meet
    collects: float = 0.06
    pairs: float = 0.02
    unlocated: float = 0.08  # by address alone
    misspelled: float = 0.015  # by address alone, with a slip in it; only in a town that is on the map
    ambiguous: float = 0.01  # such that a person must look
    by_api: float = 0.04  # told one by one, not by file
    urgent: int = USUALLY_URGENT  # told in the middle of the day; of more, one after the other from then on
    one_attempt: float = 0.25
    offline_s: tuple[int, int] = (480, 1500)
    slip: float = 0.15  # of the phone's calls after a silence: doubled or out of order
    doors: tuple[Point, ...] = ()  # real ones; none: the invented town's
    directory: Directory | None = None  # of the town, where it is on the map
    disruption: Disruption = NONE  # what makes drives longer


def disrupted(scenario: Scenario, disruption: Disruption) -> Scenario:
    """The same day under a disruption, as far as it is one of drives, recipients or orders."""
    fates = {**scenario.fates, "absent": max(scenario.fates["absent"], disruption.absent)}
    return replace(scenario, disruption=disruption, fates=fates, urgent=max(scenario.urgent, disruption.urgent))


def small(seed: int, day: date) -> Scenario:
    """A day for tests: each kind of thing once, in about a minute."""
    shares = dict.fromkeys(FATES, 0.05)
    return Scenario(
        seed,
        day,
        orders=20,
        vans=2,
        evening_vans=1,
        pieces=22,
        plan_s=1,
        beat_s=120,
        position_s=10,
        fates=shares,
        urgent=1,
    )


def real(seed: int, day: date, doors: tuple[Point, ...], vans: int) -> Scenario:
    """A day at real doors, one order for each, most without a window. The fake geocoder does not know such places, so
    all are told with coordinates."""
    return Scenario(
        seed,
        day,
        orders=len(doors),
        vans=vans,
        pieces=180,
        plan_s=30,
        windows=0.2,
        evenings=0.02,
        collects=0.02,
        pairs=0.002,
        unlocated=0.0,
        ambiguous=0.0,
        doors=doors,
    )
