"""The solvers that are measured side by side, each behind one function of the same shape.

Nothing here imports a solver: its module is loaded by `runner`, in the process of one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import Protocol

from bench.instances import Case

ROUTED = ("vrptw", "vrptw-vehicles-first", "cvrp", "cvrp-xxl", "ortec-asym")


@dataclass(slots=True)
class Budget:
    """CPU seconds of this process from the moment that the file was read, building a model included.

    A solver that cannot count CPU is told to end after `asked` seconds; see `bench.solver` for how that is found.
    """

    seconds: float
    asked: float
    threads: int = 1
    variant: int = 0
    begun: float = field(default_factory=time.process_time)

    def used(self) -> float:
        """CPU seconds of all threads so far."""
        return time.process_time() - self.begun

    def over(self) -> bool:
        """Whether the CPU seconds of all threads are used up."""
        return self.used() >= self.seconds * self.threads

    def left(self) -> float:
        """What is left of the asked seconds, at least a millisecond."""
        return max(0.001, self.asked - self.used() / self.threads)


@dataclass(frozen=True, slots=True)
class Tour:
    """What one vehicle drives, which counts from 1 in the file's order: positions of nodes, one tuple a trip."""

    vehicle: int
    trips: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """None as `tours` = it found no answer. `ended` = it had nothing left to try before the time was up.

    `trace` gives what was known on the way, (CPU seconds, cost), for the curves and nothing else; it is called after
    the time has been taken.
    """

    tours: tuple[Tour, ...] | None
    trace: Callable[[], Sequence[tuple[float, int]]] = tuple
    ended: bool = False


class Runner(Protocol):
    """One run: build the model, search, give the routes."""

    def __call__(self, case: Case, budget: Budget, seed: int) -> Answer:
        """The answer of one solver; CPU counts from `budget.begun`."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """One solver: the distribution that is installed, and what it can do.

    `exact` = it ends by CPU seconds itself. `seeded` = another seed gives another answer. A side with several
    `variants` runs once in each, every one with the full time, and the best answer counts for it.
    """

    name: str
    package: str
    kinds: frozenset[str]
    exact: bool = False
    seeded: bool = True
    variants: Callable[[str], int] = lambda kind: 1  # noqa: ARG005

    def version(self) -> str | None:
        """What is installed, None = nothing. Ours is also measured from a checkout that is only on the path."""
        try:
            return metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return "checkout" if self.package == "homestretch" else None

    def runner(self) -> Runner:
        """Loads the solver."""
        run: Runner = import_module(f"bench.peers.{self.name}").run
        return run


RICH = ("multi-depot", "skills", "heterogeneous", "multi-trip", "backhauls", "prizes")
FEWEST = ("vrptw-vehicles-first", "pdptw")
"""Where fewer vehicles are better than any distance."""

EVERY = frozenset([*ROUTED, "pdptw", *RICH])

SIDES = {
    side.name: side
    for side in (
        Side("ours", "homestretch", EVERY, exact=True),
        Side("pyvrp", "pyvrp", EVERY, exact=True, variants=lambda kind: 1 + (kind in FEWEST)),
        Side("vroom", "pyvroom", EVERY - {"multi-depot", "skills", "multi-trip", "prizes"}, seeded=False,
             variants=lambda kind: 3),  # noqa: ARG005
        Side("ortools", "ortools", EVERY - {"cvrp-xxl", "multi-trip"}, seeded=False,
             variants=lambda kind: 2),  # noqa: ARG005
        Side("commiv", "commiv", frozenset([*ROUTED, "pdptw"])),
        Side("hygese", "hygese", frozenset(["cvrp", "cvrp-xxl"])),
    )
}  # fmt: skip
