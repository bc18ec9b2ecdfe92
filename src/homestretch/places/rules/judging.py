"""The states of a place, and when whoever looks up an address may be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homestretch.places.values import Found

# queued: the geocoder will be asked; needs_review: it was unsure; not_located: it found nothing.
STATES: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"located", "needs_review", "not_located"}),
    "needs_review": frozenset({"located", "queued"}),
    "not_located": frozenset({"located", "queued"}),
    "located": frozenset({"located", "queued"}),
}
TO_FIX = ("needs_review", "not_located")
OUTSIDE = "outside_service_area"  # the review of a place that has its pin, where we do not serve
TRUSTED = 0.8  # confidence from which an answer is taken without a person
LOOKUPS = 5  # failed calls of the geocoder before a person must look
BUILDINGS = ("address", "rooftop")  # precisions that mean one building


@dataclass(frozen=True, slots=True)
class Judged:
    """What a geocoder's answer makes of a place."""

    state: str
    best: Found | None


def judge(found: Sequence[Found]) -> Judged:
    """Believe the best candidate if it is one building and trusted; else a person looks."""
    if not found:
        return Judged("not_located", None)
    best = max(found, key=lambda candidate: candidate.confidence)
    if best.precision in BUILDINGS and best.confidence >= TRUSTED:
        return Judged("located", best)
    return Judged("needs_review", best)


def by_area(state: str, review: str, *, served: bool) -> tuple[str, str]:
    """State and review of a place after a look at the service areas. One that waits for another reason stays.

    An order to it is accepted and waits with the place in the queue to fix: the pin may be wrong, the area drawn too
    small, or the recipient worth the way, and only a person can say which.
    """
    if state == "located" and not served:
        return "needs_review", OUTSIDE
    if review == OUTSIDE and served:
        return "located", ""
    return state, review
