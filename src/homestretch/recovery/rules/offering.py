"""An order that can't wait: to which shift it is offered, until when, and what becomes of an offer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.recovery.rules.amending import TOLD_FROM_S
from homestretch.recovery.rules.proposing import Prices

OFFER: Mapping[str, tuple[str, ...]] = {
    "open": ("accepted", "declined", "lapsed", "withdrawn"),
    "accepted": (),
    "declined": (),
    "lapsed": (),
    "withdrawn": (),
}
PASSED_ON = ("declined", "lapsed")  # then the next one is asked
ON_THE_ROAD = ("accepted", "loading", "started")  # routes whose drivers look: they have said yes to their day
ANSWERS = {"accept_offer": True, "decline_offer": False}  # a phone's intents, beside those of dispatch
MOST_AT_ONCE = 20  # orders that are offered by themselves at once; more are a plan's work
NO_TAKER, NO_PLACE = "no_taker", "no_place"  # why an order stays on no route


@dataclass(frozen=True, slots=True)
class Touch:
    """A promise that fares otherwise: seconds late as the route runs now, and then."""

    task_id: UUID
    order_id: UUID
    before: int
    after: int

    @property
    def breaks(self) -> bool:
        """Whether it holds now, and would not: by as much as windows are told in."""
        return self.before < TOLD_FROM_S <= self.after


@dataclass(frozen=True, slots=True)
class Candidate:
    """A shift that could take the order, and what that comes to. `halts` is its route then; `waits_s` is how late the
    order itself would come: after its promise or its windows, and where it has none, from now on."""

    route_id: UUID
    halts: tuple[UUID, ...]
    position: int
    arrive: datetime
    waits_s: int
    late_s: int
    over_s: int
    cost: int
    seconds: int
    meters: int
    touches: tuple[Touch, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether somebody else's promise would be broken by it."""
        return any(touch.breaks for touch in self.touches)


@dataclass(frozen=True, slots=True)
class Due:
    """When an order is owed, as of `at`: by the end of what it was `promised`, else within its windows. One that has
    neither can't wait at all."""

    at: datetime
    promised: datetime | None
    windows: bool

    def waits_s(self, arrive: datetime, late_s: int) -> int:
        """How late it is at `arrive`, which is `late_s` after its windows."""
        if self.promised is None and self.windows:
            return late_s
        return max(0, int((arrive - (self.promised or self.at)).total_seconds()))


def can_not_wait(priority: int, prices: Prices) -> bool:
    """Whether an order is offered by itself, by its priority."""
    return 0 < prices.offer_priority <= priority


def price(one: Candidate, prices: Prices) -> int:
    """What a place costs in all: the drive, and each minute that the order or what it touches comes late."""
    late_s = one.waits_s + one.late_s + sum(max(0, touch.after - touch.before) for touch in one.touches)
    overtime = prices.overtime_per_hour * one.over_s // 3600
    return one.cost + prices.per_late_minute * late_s // 60 + overtime


def best(found: Sequence[Candidate], prices: Prices, asked: Collection[UUID] = ()) -> Candidate | None:
    """The shift to ask next: of those that were not `asked`, whose shift is not exceeded too far and who would break
    nobody's promise, the cheapest in all. Nearest is not best. None: nobody is left."""
    fit = [one for one in found if one.route_id not in asked and may(one, prices)]
    return min(fit, key=lambda one: (price(one, prices), one.route_id), default=None)


def may(one: Candidate, prices: Prices) -> bool:
    """Whether a place may be offered without a person's word."""
    return not one.breaks and one.over_s <= prices.overtime_s


def must_be_open(state: str) -> None:
    """Refuses `offer.over` (its time is up) and `offer.settled` (it was answered, or taken back)."""
    if state == "lapsed":
        raise over()
    if state != "open":
        raise Refusal("offer.settled", f"the offer is {state}", remedy="nothing is to be done", state=state)


def must_be_young(deadline: datetime, at: datetime) -> None:
    """Refuses `offer.over` from the deadline on."""
    if at >= deadline:
        raise over()


def over() -> Refusal:
    """Refuses `offer.over`."""
    return Refusal("offer.over", "the time to answer is up", remedy="the order went on to somebody else")


def overtaken() -> Refusal:
    """Refuses `offer.overtaken`: the order or the route went another way."""
    return Refusal(
        "offer.overtaken",
        "the order fits on the route no longer, or is no longer to be had",
        remedy="nothing is to be done: the route stays as it is",
    )


def check_wanted(tasks: Collection[UUID], pairs: Collection[str]) -> None:
    """Refuses `offer.nothing_to_place`, and `offer.several_tasks` for more than a task or the two ends of a pair."""
    if not tasks:
        raise Refusal(
            "offer.nothing_to_place",
            "no task of it waits for a route",
            remedy="it is on a route already, over, not located, or has no attempt left",
        )
    if len(tasks) > 1 and (len(tasks) > 2 or "" in pairs or len(set(pairs)) > 1):
        raise Refusal(
            "offer.several_tasks",
            "an offer is of one task, or of the two ends of a pair",
            remedy="ask for a proposal: it may put them on several routes",
        )


def nobody() -> NoReturn:
    """Refuses `offer.no_place`."""
    raise Refusal(
        "offer.no_place",
        "no route on the road has a place for it that breaks nobody's promise",
        remedy="choose the driver yourself, ask for a proposal, or tell the recipient another day",
    )


def no_place_there() -> NoReturn:
    """Refuses `offer.no_place` of a route that was chosen."""
    raise Refusal(
        "offer.no_place",
        "the route has no place for it, or is not on the road",
        remedy="choose a route whose driver has accepted it, with room, skills and time",
        field="route_id",
    )


def elsewhere() -> NoReturn:
    """Refuses `offer.running`: another driver is being asked."""
    raise Refusal(
        "offer.running", "another driver is being asked", remedy="withdraw that offer first", field="route_id"
    )
