"""Reads of messaging, inside a scope."""

from homestretch.messaging.queries.messages import heard, message, messages, survey_of
from homestretch.messaging.queries.occasions import occasions
from homestretch.messaging.queries.shown import shown_order
from homestretch.messaging.queries.templates import Words, preview, template, templates, words_for

__all__ = [
    "Words",
    "heard",
    "message",
    "messages",
    "occasions",
    "preview",
    "shown_order",
    "survey_of",
    "template",
    "templates",
    "words_for",
]
