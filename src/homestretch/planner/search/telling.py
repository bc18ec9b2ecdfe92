"""Telling of better plans while a search goes on."""

from collections.abc import Callable
from time import perf_counter

from homestretch.planner.search.model import Model
from homestretch.planner.search.pieces import Routes
from homestretch.planner.stopping import Progress, Watch

TELL_EVERY = 0.05  # seconds between two plans that are told


class Teller:
    """Tells of a better plan, though not of each when they come thick and fast."""

    def __init__(self, model: Model, watch: Watch | None) -> None:
        self.model = model
        self.watch = watch
        self.begun = perf_counter()
        self.told = -TELL_EVERY
        self.known: int | None = None

    def tell(self, cost: int, rounds: int, routes: Callable[[], Routes], *, last: bool = False) -> None:
        """A plan of that cost was found after so many rounds."""
        now = perf_counter() - self.begun
        if self.watch is None or cost == self.known or (now - self.told < TELL_EVERY and not last):
            return
        self.told, self.known = now, cost
        self.watch(Progress(now, rounds, cost, self.model.plan(routes())))
