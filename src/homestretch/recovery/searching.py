"""The search for a proposal: travel times, the solver, the answer in words. In no transaction."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings

from homestretch.events.later import Interrupted, stopping
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.windows import Window
from homestretch.planner import problem as ask
from homestretch.planner.stopping import First, Seconds
from homestretch.recovery.rules.answer import Answer
from homestretch.recovery.rules.finding import found
from homestretch.recovery.rules.question import Question, Rest
from homestretch.travel import ladder
from homestretch.travel import queries as travel
from homestretch.travel.values import Asked


def answer_to(rest: Rest, by: Actor) -> Answer:
    """The best that was found for the rest of a day. Refuses `engine.too_large`."""
    question = Question(rest)
    return found(question, _travel(question, by), _until(rest.prices.seconds))


def _travel(question: Question, by: Actor) -> dict[str, ask.Matrix | ask.Slots]:
    """Of each profile that drives, over all points: what is known is read in a scope, services are asked in none."""
    rest = question.rest
    span = Window(rest.at, max(rest.at + timedelta(hours=1), *(line.span.ends_at for line in rest.driving)))
    with scope(by):
        known = {name: travel.known(name, span) for name in sorted({line.span.profile for line in rest.driving})}
    asked = Asked(question.points, span, question.anchors, len(rest.driving))
    return {name: ladder.matrix(asked, of, outside=True).profile for name, of in known.items()}


def _until(seconds: int) -> First:
    """After that much of this thread's CPU, for the worker does other work too; of several threads' the clock's."""

    def stopped() -> bool:
        if stopping.is_set():
            raise Interrupted("the worker stops; the search begins again in another")
        return False

    alone = settings.HOMESTRETCH_SEARCH_THREADS == 1
    return First((stopped, Seconds(seconds, clock=time.thread_time if alone else time.monotonic)))
