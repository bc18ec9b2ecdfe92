"""What a scan at the depot comes to: taken, known already, another vehicle's, unknown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homestretch.dispatch.queries import Cargo, Load

TO_LOAD = ("expected", "returned", "missing")


@dataclass(frozen=True, slots=True)
class Said:
    """What the screen answers. `tone`: good, warn or alarm; `where`: what a person reads from three meters."""

    tone: str
    where: str
    words: str
    package: Cargo | None = None


def judge(barcode: str, mine: Load, others: Sequence[Load]) -> Said:
    """What a barcode scanned into `mine` means; `package` is set where it is to be loaded now."""
    here = [package for package in mine.packages if package.barcode == barcode]
    waiting = [package for package in here if package.state in TO_LOAD]
    if len(waiting) > 1:
        return Said("warn", "Which one?", f"{len(waiting)} packages carry {barcode}: tap the one that it is")
    if waiting:
        return Said("good", f"Stop {waiting[0].number}", f"{barcode} · {waiting[0].place}", waiting[0])
    if here:
        return Said("warn", "Again", f"{barcode} is on board already, or was")
    return _elsewhere(barcode, mine, others)


def _elsewhere(barcode: str, mine: Load, others: Sequence[Load]) -> Said:
    for load in others:
        if load.route.id == mine.route.id:
            continue
        for package in load.packages:
            if package.barcode == barcode:
                vehicle = load.route.vehicle.name
                words = f"{barcode} goes into {vehicle} ({load.route.driver.name}), stop {package.number}"
                return Said("alarm", f"Not here: {vehicle}", words)
    return Said("alarm", "Not today", f"{barcode[:60]} is on no route of this depot today")


def sort(barcode: str, loads: Sequence[Load]) -> Said:
    """Where a package goes, before any vehicle was chosen."""
    for load in loads:
        for package in load.packages:
            if package.barcode == barcode:
                words = f"{barcode} · stop {package.number} · {package.place}"
                return Said("good", load.route.vehicle.name, words)
    return Said("alarm", "Not today", f"{barcode[:60]} is on no route of this depot today")
