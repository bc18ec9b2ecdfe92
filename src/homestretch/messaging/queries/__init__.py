"""Reads of messaging, inside a scope."""

from homestretch.messaging.queries.messages import heard, message, messages, survey_of
from homestretch.messaging.queries.occasions import occasions
from homestretch.messaging.queries.pickups import Offer, pickup_of
from homestretch.messaging.queries.shown import require_shown_proof, shown_order
from homestretch.messaging.queries.slots import Choice, choice_of
from homestretch.messaging.queries.templates import Words, preview, template, templates, words_for
from homestretch.messaging.queries.threads import Line, Waiting, thread, waiting, waiting_count

__all__ = [
    "Choice",
    "Line",
    "Offer",
    "Waiting",
    "Words",
    "choice_of",
    "heard",
    "message",
    "messages",
    "occasions",
    "pickup_of",
    "preview",
    "require_shown_proof",
    "shown_order",
    "survey_of",
    "template",
    "templates",
    "thread",
    "waiting",
    "waiting_count",
    "words_for",
]
