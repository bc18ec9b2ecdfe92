"""Anytime curves: the gap of each side over CPU seconds, one panel a class and size.

A dot is the mean gap of a budget: what a side gives that was told to end then. A line is what the sides that tell it
had found on the way within their longest budget: mean over files and seeds, drawn from where all have an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from bench.summary import Outcome, cells

STEPS = 80
ACROSS = 3
LEAST = 0.02
"""Percent: the gap axis is logarithmic, so what is smaller is drawn there."""


def draw(outcomes: Sequence[Outcome], file: Path) -> None:
    """Needs matplotlib. Writes `file`, of the kind that its name says."""
    from matplotlib.figure import Figure

    panels = list(dict.fromkeys((outcome.task.row.kind, outcome.task.row.size) for outcome in outcomes))
    across = min(ACROSS, len(panels))
    down = max(1, ceil(len(panels) / max(1, across)))
    figure = Figure(figsize=(5.2 * across, 3.8 * down), layout="constrained")
    for number, (kind, size) in enumerate(panels, 1):
        axes = figure.add_subplot(down, across, number)
        own = [outcome for outcome in outcomes if (outcome.task.row.kind, outcome.task.row.size) == (kind, size)]
        _panel(axes, own)
        axes.set_title(f"{kind}, {size} customers")
    figure.savefig(file)


def _panel(axes: Any, outcomes: list[Outcome]) -> None:
    found = cells(outcomes)
    for number, side in enumerate(dict.fromkeys(outcome.task.side for outcome in outcomes)):
        shares = [(cell.seconds, cell.sides[side].gap) for cell in found if side in cell.sides]
        dots = [(at, gap) for at, gap in shares if gap is not None]
        color = f"C{number}"
        if dots:
            axes.plot(*zip(*((at, max(LEAST, gap)) for at, gap in dots), strict=True), "o", color=color, label=side)
        line = curve([outcome for outcome in outcomes if outcome.task.side == side])
        if line:
            axes.plot(*zip(*((at, max(LEAST, gap)) for at, gap in line), strict=True), "-", color=color, linewidth=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("CPU seconds")
    axes.set_ylabel("gap, %")
    axes.grid(visible=True, which="both", linewidth=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize="small")


def curve(outcomes: list[Outcome]) -> list[tuple[float, float]]:
    """(CPU seconds, mean gap) of one side, from its runs with the longest budget; empty if it told nothing."""
    longest = max((outcome.task.seconds for outcome in outcomes), default=0.0)
    runs = [
        ([(at, 100 * (cost - outcome.reference[1]) / outcome.reference[1]) for at, cost in outcome.run.trace])
        for outcome in outcomes
        if outcome.task.seconds == longest and outcome.reference and not outcome.reference[0] and outcome.run.trace
    ]
    if not runs:
        return []
    first = max(trace[0][0] for trace in runs)
    moments = np.geomspace(max(first, 1e-3), max(longest, first, 1e-3), STEPS)
    return [(float(at), float(np.mean([_at(trace, at) for trace in runs]))) for at in moments]


def _at(trace: list[tuple[float, float]], moment: float) -> float:
    return min((gap for at, gap in trace if at <= moment), default=trace[0][1])
