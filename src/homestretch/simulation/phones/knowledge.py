"""What the world knows of the parcels that a driver carries: how the people at the door will behave."""

from __future__ import annotations

from dataclasses import dataclass, field

from homestretch.simulation.chance import chance
from homestretch.simulation.town.demand import Parcel

LEFT_WITH = ("recipient", "recipient", "recipient", "household_member", "neighbor", "safe_place", "mailbox")
REASON = {
    "absent": "recipient_absent",
    "refused": "refused",
    "wrong_address": "address_wrong",
    "no_access": "no_access",
    "partial": "item_missing",
}
AGAIN = 0.25  # of those who were absent, as many are absent again


@dataclass(frozen=True, slots=True)
class Fate:
    """How an attempt goes. `state`: completed, partial, failed."""

    state: str
    reason: str = ""
    left_with: str = ""


@dataclass(slots=True)
class Knowledge:
    """The parcels of the town by external id, and the fates of their first attempts. Fates do not depend on routes."""

    seed: int
    parcels: dict[str, Parcel]
    fates: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)

    def attempt(self, external_id: str) -> Fate:
        """How the next attempt at a parcel goes."""
        number = self.attempts[external_id] = self.attempts.get(external_id, 0) + 1
        random = chance(self.seed, "attempt", external_id, number)
        fate = self.fates.get(external_id, "")
        if number > 1:
            fate = fate if fate == "refused" or (fate == "absent" and random.random() < AGAIN) else ""
        if not fate:
            return Fate("completed", left_with=random.choice(LEFT_WITH))
        if fate == "partial":
            return Fate("partial", REASON[fate], "recipient")
        return Fate("failed", REASON[fate])

    def pin(self, external_id: str) -> str:
        """What the recipient says at the door."""
        parcel = self.parcels.get(external_id)
        return parcel.pin if parcel else ""

    def service_s(self, external_id: str, planned_s: int) -> int:
        """How long an attempt takes at the door: log-normal round what was planned, seconds."""
        random = chance(self.seed, "service", external_id, self.attempts.get(external_id, 0))
        return round(min(1800, max(20, (planned_s or 120) * random.lognormvariate(-0.05, 0.35))))
