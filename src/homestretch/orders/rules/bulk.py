"""Acts on many orders at once: what they are called, and what each wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from homestretch.kernel.refusal import Refusal
from homestretch.orders.values import Act

ACTS = ("move", "priority", "release", "hold", "free", "cancel")
MOST = 20_000  # in one act
AT_ONCE = 200  # up to so many are done while somebody waits
CHUNK = 20  # orders in one transaction: what they lock, others wait for
MOST_TOLD = 500  # refusals that are kept word for word


def move(day: date, clock: tuple[time, time] | None) -> Act:
    """To another day; the windows keep their local times, or become `clock`."""
    return Act("move", {"day": day.isoformat(), "clock": [one.isoformat() for one in clock] if clock else None})


def read_move(act: Act) -> tuple[date, tuple[time, time] | None]:
    """What `move` has written."""
    clock = act.args["clock"]
    return date.fromisoformat(act.args["day"]), (
        (time.fromisoformat(clock[0]), time.fromisoformat(clock[1])) if clock else None
    )


def prioritize(given: str) -> Act:
    """Another priority. Refuses `number.out_of_range`."""
    if not (given.isascii() and given.isdigit() and int(given) <= 9):
        raise Refusal("number.out_of_range", "no priority", remedy="0 (ordinary) to 9", field="priority")
    return Act("priority", {"priority": int(given)})


def check_many(orders: Sequence[object]) -> None:
    """Refuses `bulk.nothing_chosen` and `bulk.too_many`."""
    if not orders:
        raise Refusal("bulk.nothing_chosen", "no order is chosen", remedy="tick at least one", field="order")
    if len(orders) > MOST:
        raise Refusal(
            "bulk.too_many", f"more than {MOST} orders are chosen", remedy="narrow the list first", field="order"
        )
