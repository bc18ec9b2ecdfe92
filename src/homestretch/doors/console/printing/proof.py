"""The proof of an order as a file: what was to be brought where, what happened at each stop, signatures and photos."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from homestretch.doors.console.printing.paper import Paper, facts

A4 = (210.0, 297.0)
LEFT, TOP, INNER, BOTTOM = 18.0, 18.0, 174.0, 275.0
PICTURE = (82.0, 62.0)  # the box of each, two in a row


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or a signature, when it was taken, and the first of its bytes' fingerprint (SHA-256)."""

    kind: str
    at: str
    fingerprint: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop on which the order stood: names and what they are, and its pictures."""

    title: str
    facts: Sequence[tuple[str, str]]
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """All that the file says. `made`: when, and by whom."""

    organization: str
    reference: str
    state: str
    facts: Sequence[tuple[str, str]]
    visits: Sequence[Visit] = field(default_factory=list)
    made: str = ""


def proof_pdf(proven: Proven) -> bytes:
    """The file."""
    paper = Paper(A4, f"{proven.organization}, {proven.reference}")
    y = _page(paper, proven)
    y += paper.say(f"Proof of delivery, {proven.reference}", (LEFT, y, INNER), 18, bold=True, lines=2) + 2
    y += paper.say(proven.state, (LEFT, y, INNER), 12, bold=True) + 3
    y += facts(paper, proven.facts, (LEFT, y, INNER)) + 4
    for visit in proven.visits:
        y = _visit(paper, proven, visit, y)
    if not proven.visits:
        paper.say("No stop was made for this order.", (LEFT, y, INNER), 10, gray=True)
    return paper.made()


def _page(paper: Paper, proven: Proven) -> float:
    """A new page with its head and foot; returns where its text begins."""
    paper.add_page()
    paper.say(proven.organization, (LEFT, 9.0, INNER), 9, gray=True)
    paper.say(proven.made, (LEFT, 283.0, INNER * 0.8), 8, gray=True)
    paper.say(str(paper.page_no()), (LEFT + INNER * 0.8, 283.0, INNER * 0.2), 8, gray=True, align="R")
    return TOP


def _visit(paper: Paper, proven: Proven, visit: Visit, y: float) -> float:
    if y > BOTTOM - 40:
        y = _page(paper, proven)
    paper.rule(LEFT, y, INNER)
    y += 3
    y += paper.say(visit.title, (LEFT, y, INNER), 12, bold=True, lines=2) + 1.5
    y += facts(paper, visit.facts, (LEFT, y, INNER)) + 3
    for number in range(0, len(visit.pictures), 2):
        if y > BOTTOM - PICTURE[1] - 8:
            y = _page(paper, proven)
        for column, picture in enumerate(visit.pictures[number : number + 2]):
            _picture(paper, picture, LEFT + column * (INNER - PICTURE[0]), y)
        y += PICTURE[1] + 9
    return y


def _picture(paper: Paper, picture: Picture, x: float, y: float) -> None:
    width, height = PICTURE
    paper.set_draw_color(200)
    paper.rect(x, y, width, height)
    paper.image(io.BytesIO(picture.data), x + 1, y + 1, width - 2, height - 2, keep_aspect_ratio=True)
    told = f"{picture.kind}, {picture.at} · sha256 {picture.fingerprint}"
    paper.say(told, (x, y + height + 1, width), 7.5, gray=True)
