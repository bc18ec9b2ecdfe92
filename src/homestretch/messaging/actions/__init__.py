"""The verbs of messaging, by family."""

from homestretch.messaging.actions.choosing import choose_pickup, choose_slot, forget_code, leave_word, set_door
from homestretch.messaging.actions.conversing import send_link, settle, write
from homestretch.messaging.actions.hearing import hear, receipt
from homestretch.messaging.actions.personal import choose_channels, forget, instruct, rate, report_problem, say_more
from homestretch.messaging.actions.planning import invite, plan
from homestretch.messaging.actions.sending import begin, finish
from homestretch.messaging.actions.templates import reset_template, save_template

__all__ = [
    "begin",
    "choose_channels",
    "choose_pickup",
    "choose_slot",
    "finish",
    "forget",
    "forget_code",
    "hear",
    "instruct",
    "invite",
    "leave_word",
    "plan",
    "rate",
    "receipt",
    "report_problem",
    "reset_template",
    "save_template",
    "say_more",
    "send_link",
    "set_door",
    "settle",
    "write",
]
