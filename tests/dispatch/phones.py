"""A driver's phone: intents with their own ids and a rising counter."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from homestretch.dispatch import actions
from homestretch.dispatch.values import IntentData
from homestretch.kernel.ids import uuid7
from tests.town.places import AT


def intent(kind: str, counter: int = 0, at: datetime = AT, **body: Any) -> IntentData:
    """One tap; ids in the body as JSON carries them."""
    said = {name: str(value) if name.endswith("_id") else value for name, value in body.items()}
    return IntentData(uuid7(), kind, counter, at, said)


class Phone:
    """Mints intents of one driver, one minute apart, and sends them."""

    def __init__(self, road: Any) -> None:
        self.road, self.counter = road, count(1)

    def tap(self, kind: str, **body: Any) -> IntentData:
        """The next tap."""
        number = next(self.counter)
        return intent(kind, number, AT + timedelta(minutes=number), **body)

    def send(self, *intents: IntentData, at: datetime = AT + timedelta(hours=2)) -> list[Any]:
        """What became of each."""
        return actions.apply_intents(list(intents), by=self.road.driver, at=at)

    def day(self, stops: list[Any]) -> list[IntentData]:
        """Start, complete every stop, finish."""
        route = self.road.route_id
        taps = [self.tap("accept_route", route_id=route), self.tap("start_route", route_id=route)]
        for stop in stops:
            taps += [self.tap(kind, stop_id=stop.id) for kind in ("set_out", "arrive", "complete", "depart")]
        return [*taps, self.tap("finish_route", route_id=route)]
