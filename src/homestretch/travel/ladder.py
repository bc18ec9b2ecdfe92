"""The ladder of travel times: own roads, then a service if one is set, then the great circle, which always answers.

A question is answered by one rung as a whole, never by two at once, and the answer names it, its age, and each rung
that could not. No plan fails because of the map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.conf import settings

from homestretch.kernel.geo import Point
from homestretch.travel.rungs import NoAnswer, great_circle, roads, service
from homestretch.travel.values import Answer, Asked, Drive, Fell, Known

Answered = TypeVar("Answered", Answer, Drive)


def matrix(asked: Asked, known: Known, *, outside: bool = False) -> Answer:
    """Travel between all points. `outside` lets the service be called: never inside a transaction."""
    rungs = {"roads": lambda: roads.matrix(asked, known), "service": lambda: service.matrix(asked, known)}
    return _climb(_standing(rungs, outside=outside), lambda: great_circle.matrix(asked, known))


def path(points: tuple[Point, ...], depart: datetime, known: Known, *, outside: bool = False) -> Drive:
    """Drives from each point to the next, with the lines that they follow; `outside` as for `matrix`."""
    rungs = {
        "roads": lambda: roads.path(points, depart, known),
        "service": lambda: service.path(points, depart, known),
    }
    return _climb(_standing(rungs, outside=outside), lambda: great_circle.path(points, depart, known))


def _standing(rungs: Mapping[str, Callable[[], Answered]], *, outside: bool) -> dict[str, Callable[[], Answered]]:
    """The rungs above the lowest, in the order that the operator set."""
    has_service = outside and "matrix" in settings.HOMESTRETCH_PROVIDERS
    return {name: rungs[name] for name in settings.HOMESTRETCH_LADDER if name != "service" or has_service}


def _climb(rungs: Mapping[str, Callable[[], Answered]], lowest: Callable[[], Answered]) -> Answered:
    """The answer of the first rung that has one; what those above it said is kept with it."""
    fell: list[Fell] = []
    for name, ask in rungs.items():
        try:
            return replace(ask(), fell=tuple(fell))
        except NoAnswer as refused:
            fell.append(Fell(name, refused.code, refused.cause))
    return replace(lowest(), fell=tuple(fell))
