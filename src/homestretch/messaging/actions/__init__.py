"""The verbs of messaging, by family."""

from homestretch.messaging.actions.hearing import hear, receipt
from homestretch.messaging.actions.personal import choose_channels, forget, instruct, rate
from homestretch.messaging.actions.planning import plan
from homestretch.messaging.actions.sending import begin, finish
from homestretch.messaging.actions.templates import reset_template, save_template

__all__ = [
    "begin",
    "choose_channels",
    "finish",
    "forget",
    "hear",
    "instruct",
    "plan",
    "rate",
    "receipt",
    "reset_template",
    "save_template",
]
