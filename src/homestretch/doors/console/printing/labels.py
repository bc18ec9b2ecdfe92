"""Labels of packages: one a page of A6, or eight on a sheet of A4; in the order of loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homestretch.doors.console.printing.paper import Paper

WIDTH, EDGE = 105.0, 6.0
A4, A6 = (210.0, 297.0), (105.0, 148.0)
EIGHTH = 297.0 / 4
SPOTS = [(x, y * EIGHTH) for y in range(4) for x in (0.0, WIDTH)]
SIZES = {"a6": "A6, one a page", "a4x8": "A4, eight a sheet"}


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. `turn`: its place in the order of loading, of `turns`."""

    barcode: str
    organization: str
    day: str
    vehicle: str
    driver: str
    stop: int
    stops: int
    turn: int
    turns: int
    reference: str
    recipient: str
    address: str
    window: str
    goods: str
    merchant: str


def labels_pdf(labels: Sequence[Label], size: str, title: str) -> bytes:
    """The file; `size` is a key of `SIZES`."""
    paper = Paper(A6 if size == "a6" else A4, title)
    for number, label in enumerate(labels):
        if size == "a6":
            paper.add_page()
            _large(paper, label)
            continue
        spot = SPOTS[number % len(SPOTS)]
        if spot == SPOTS[0]:
            paper.add_page()
        _small(paper, label, *spot)
    return paper.made()


def _head(paper: Paper, label: Label, x: float, y: float, size: float) -> float:
    """Stop and vehicle, as large as can be read from a step away; returns how high it became."""
    inner = WIDTH - 2 * EDGE
    high = paper.say(str(label.stop), (x, y, 32), size, bold=True)
    paper.say("STOP", (x, y - 2.2, 32), 7, gray=True)
    paper.say(label.vehicle, (x + 32, y + 0.5, inner - 32), size * 0.5, bold=True, align="R")
    told = f"{label.driver} · {label.day}"
    paper.say(told, (x + 32, y + size * 0.23, inner - 32), 9, gray=True, align="R")
    paper.say(
        f"load {label.turn} of {label.turns}", (x + 32, y + 4.0 + size * 0.23, inner - 32), 9, bold=True, align="R"
    )
    return high


def _code(paper: Paper, label: Label, x: float, y: float, height: float) -> None:
    """The barcode above its text; a QR code for what bars can't say."""
    inner = WIDTH - 2 * EDGE
    if not paper.barcode(label.barcode, (x, y, inner, height)):
        paper.qr(label.barcode, x + (inner - height) / 2, y, height)
    paper.say(label.barcode, (x, y + height + 0.8, inner), 10, bold=True, align="C")


def _large(paper: Paper, label: Label) -> None:
    x, inner = EDGE, WIDTH - 2 * EDGE
    y = 9.0 + _head(paper, label, x, 9.0, 44)
    paper.rule(x, y, inner)
    y += 3
    y += paper.say(label.recipient, (x, y, inner), 16, bold=True, lines=2)
    y += paper.say(label.address, (x, y, inner), 13, lines=3) + 1
    y += paper.say(label.window, (x, y, inner), 12, bold=True) + 2
    y += paper.say(label.goods, (x, y, inner), 10, gray=True, lines=2)
    _code(paper, label, x, 95.0, 30.0)
    paper.rule(x, 135.0, inner)
    sender = " · ".join(part for part in (label.merchant, label.organization) if part)
    paper.say(label.reference, (x, 137.0, inner / 2), 10, bold=True)
    paper.say(sender, (x + inner / 2, 137.0, inner / 2), 9, gray=True, align="R")


def _small(paper: Paper, label: Label, left: float, top: float) -> None:
    x, inner = left + EDGE, WIDTH - 2 * EDGE
    y = top + 6.0 + _head(paper, label, x, top + 6.0, 30)
    y += paper.say(label.recipient, (x, y, inner), 11, bold=True)
    y += paper.say(label.address, (x, y, inner), 10, lines=2)
    told = " · ".join(part for part in (label.window, label.reference) if part)
    paper.say(told, (x, y, inner), 9, gray=True)
    _code(paper, label, x, top + 48.0, 15.0)
