"""From answers to a table: gaps, means over files and seeds, and whether the floors hold.

A cell is a class, a size and a budget. In it the gap of a side is the mean over its sound answers in time; a side that
owes one is shown with how many it gave, and is not the best peer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from bench.instances import Row
from bench.runs import Run, Task

HALVED = frozenset(["vrptw", "ortec-asym"])
"""Where ours is to leave at most half of the gap of the best peer; elsewhere it is to be no worse."""

ROOM = 0.1
"""Percent of gap that count for nothing on either side of the floor."""

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer beside the reference: `gap` in percent, `extra` vehicles above it; None where there is nothing to say.

    `reference` is (vehicles, cost): the best known, or for a perturbed file the best sound answer of all sides.
    """

    task: Task
    run: Run
    reference: tuple[int, int] | None = None

    @property
    def counts(self) -> bool:
        """Whether it is sound and in time."""
        return self.run.counts(self.task)

    @property
    def gap(self) -> float | None:
        """Of the cost alone."""
        if self.reference is None or self.run.cost is None:
            return None
        return 100 * (self.run.cost - self.reference[1]) / self.reference[1]

    @property
    def extra(self) -> int:
        """Vehicles above the reference, 0 where their number does not count."""
        return (self.run.vehicles or 0) - self.reference[0] if self.reference and self.reference[0] else 0

    def as_json(self) -> dict[str, Any]:
        """All of it, flat."""
        task, row = self.task, self.task.row
        return {
            "class": row.kind,
            "file": row.file,
            "customers": row.customers,
            "size": row.size,
            "perturbed": task.perturb,
            "side": task.side,
            "seconds": task.seconds,
            "seed": task.seed,
            "gap": self.gap,
            "extra_vehicles": self.extra,
            "sound": self.run.cost is not None and not self.run.findings,
            "late": self.run.late(task),
            **asdict(self.run),
        }


@dataclass(frozen=True, slots=True)
class Share:
    """What one side did in one cell. `gap` and `extra` are means; None = not one sound answer in time."""

    wanted: int
    counted: int
    gap: float | None
    extra: float
    unsound: int
    late: int
    failed: int
    used: float

    @property
    def whole(self) -> bool:
        """Whether it gave every answer."""
        return self.counted == self.wanted and self.gap is not None


@dataclass(frozen=True, slots=True)
class Cell:
    """`floor` is True or False by the sides' own rule, None where ours or every peer is missing."""

    kind: str
    size: int
    seconds: float
    sides: dict[str, Share]
    best_peer: str | None
    floor: bool | None


def referred(answers: Sequence[tuple[Task, Run]]) -> list[Outcome]:
    """Each answer with what it is measured by."""
    seen: dict[tuple[Any, ...], tuple[int, int]] = {}
    for task, run in answers:
        if run.counts(task) and run.cost is not None:
            worth = ((run.vehicles or 0) if _counts_vehicles(task.row) else 0, run.cost)
            seen[_which(task)] = min(worth, seen.get(_which(task), worth))
    return [Outcome(task, run, _known(task) or seen.get(_which(task))) for task, run in answers]


def _counts_vehicles(row: Row) -> bool:
    return row.vehicles is not None


def _which(task: Task) -> tuple[Any, ...]:
    return task.row.kind, task.row.file, task.perturb


def _known(task: Task) -> tuple[int, int] | None:
    if task.perturb is not None or task.row.best is None:
        return None
    return task.row.vehicles or 0, task.row.best


def cells(outcomes: Sequence[Outcome]) -> list[Cell]:
    """In the order in which they were run."""
    grouped: dict[tuple[str, int, float], list[Outcome]] = {}
    for outcome in outcomes:
        task = outcome.task
        grouped.setdefault((task.row.kind, task.row.size, task.seconds), []).append(outcome)
    return [_cell(*key, group) for key, group in grouped.items()]


def _cell(kind: str, size: int, seconds: float, group: list[Outcome]) -> Cell:
    names = dict.fromkeys(outcome.task.side for outcome in group)
    sides = {name: _share([outcome for outcome in group if outcome.task.side == name]) for name in names}
    peers = [name for name in sides if name != OURS and sides[name].whole]
    best = min(peers, key=lambda name: _worth(sides[name]), default=None)
    floor = None
    if OURS in sides and best is not None:
        floor = holds(kind, sides[OURS], sides[best])
    return Cell(kind, size, seconds, sides, best, floor)


def _share(group: list[Outcome]) -> Share:
    counted = [outcome for outcome in group if outcome.counts and outcome.gap is not None]
    return Share(
        wanted=len(group),
        counted=len(counted),
        gap=fmean(outcome.gap or 0.0 for outcome in counted) if counted else None,
        extra=fmean(outcome.extra for outcome in counted) if counted else 0.0,
        unsound=sum(bool(outcome.run.findings) for outcome in group),
        late=sum(outcome.run.late(outcome.task) for outcome in group),
        failed=sum(bool(outcome.run.failed) for outcome in group),
        used=fmean(outcome.run.used for outcome in group),
    )


def holds(kind: str, ours: Share, peer: Share) -> bool:
    """The floor of a cell, ours against the best peer. An answer that ours owes is a floor that does not hold."""
    if not ours.whole or ours.gap is None or peer.gap is None:
        return False
    if kind in HALVED:
        return ours.gap + ROOM <= (peer.gap + ROOM) / 2
    return _worth(ours) <= _worth(peer)


def _worth(share: Share) -> tuple[float, float]:
    return round(share.extra, 6), float("inf") if share.gap is None else round(share.gap, 6)


def equalled(found: Sequence[Cell]) -> list[str]:
    """By class and size: with which budget some peer is as good as ours with its least."""
    lines = []
    for kind, size in dict.fromkeys((cell.kind, cell.size) for cell in found):
        own = sorted((c for c in found if (c.kind, c.size) == (kind, size)), key=lambda c: c.seconds)
        ours = own[0].sides.get(OURS)
        if ours is None or not ours.whole or not any(cell.best_peer for cell in own):
            continue
        least = next((c for c in own if c.best_peer and _worth(c.sides[c.best_peer]) <= _worth(ours)), None)
        said = f"by {least.best_peer} in {least.seconds:g} s" if least else f"by no peer in {own[-1].seconds:g} s"
        lines.append(f"{kind}, {size}: ours of {own[0].seconds:g} s is equalled {said}")
    return lines


def table(found: Sequence[Cell], names: Sequence[str]) -> list[str]:
    """Lines for people; "-" = not installed, or of no use for the class."""
    lines = []
    for kind in dict.fromkeys(cell.kind for cell in found):
        lines += ["", f"{kind}: mean gap in percent", "".join(
            [f"{'size':>7}{'CPU s':>8}", *(f"{name:>15}" for name in names), "  floor"])]  # fmt: skip
        for cell in (cell for cell in found if cell.kind == kind):
            shown = "".join(f"{_shown(cell.sides.get(name)):>15}" for name in names)
            says = {True: "holds", False: "does not hold", None: ""}[cell.floor]
            lines.append(f"{cell.size:>7}{cell.seconds:>8g}{shown}  {says}".rstrip())
    return lines


def _shown(share: Share | None) -> str:
    if share is None:
        return "-"
    if share.gap is None:
        return "late" if share.late else "none"
    vehicles = f"{share.extra:+.1f}v " if share.extra else ""
    owed = "" if share.whole else f" {share.counted}/{share.wanted}"
    return f"{vehicles}{share.gap:.2f}{owed}"
