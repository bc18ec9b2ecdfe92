"""Saying it: a consumer plans what a fact gives cause to say, a job hands each message to its provider."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from homestretch.events.clock import now
from homestretch.events.later import gives_up, job
from homestretch.events.models import Event
from homestretch.events.subscribe import consumer, drainer
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.messaging.actions.planning import Cause
from homestretch.messaging.values import Letter, Outcome
from homestretch.providers.email import EmailMessage
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import make
from homestretch.providers.sms import SmsMessage


@consumer("messaging.notify")
def notify(event: Event) -> None:
    """Plan what a fact gives cause to say."""
    by = system(event.organization_id)
    actions.plan(Cause(event.id, event.at), queries.occasions(event), by=by, at=now())


@drainer("messaging.invite")
def invite(events: list[Event]) -> None:
    """Ask recipients for a time; an order that became ready twice is asked once."""
    by = system(events[0].organization_id)
    actions.invite({event.subject_id: event.id for event in events}, by=by, at=now())


@consumer("messaging.forget")
def forget(event: Event) -> None:
    """A person was erased."""
    actions.forget(event.subject_id, by=system(event.organization_id), at=now())


@job("messaging.send", queue="outside")
def send(organization_id: UUID, message_id: UUID) -> None:
    """Hand one message to its provider, at most once: a second run of the job never sends again."""
    by, fence = system(organization_id), uuid7()
    letter = actions.begin(message_id, fence, by=by, at=now())
    if letter is not None:
        actions.finish(message_id, fence, _hand_over(letter, organization_id), by=by, at=now())


@gives_up("messaging.send")
def give_up(organization_id: UUID, message_id: UUID) -> None:
    """Never sent, if no provider can have had it; else it is unknown whether it was."""
    by, fence = system(organization_id), uuid7()
    if actions.begin(message_id, fence, by=by, at=now()) is not None:
        actions.finish(message_id, fence, Outcome("permanent", "", "given_up"), by=by, at=now())


def _hand_over(letter: Letter, organization_id: UUID) -> Outcome:
    try:
        if letter.channel == "sms":
            return Outcome("sent", _sms(letter, organization_id))
        return Outcome("sent", _email(letter))
    except ProviderError as error:
        return Outcome(error.kind, "", error.code, error.retry_after_seconds)
    except Refusal as refusal:  # an adapter's options are wrong: nothing was sent, and an operator can mend it
        return Outcome("deferred", "", refusal.code)


def _sms(letter: Letter, organization_id: UUID) -> str:
    name, options = settings.HOMESTRETCH_PROVIDERS["sms"]
    if "status_callback" in options:
        there = f"{settings.HOMESTRETCH_URL}/hooks/sms/{name}/{organization_id}/{letter.message_id}"
        options = {**options, "status_callback": there}
    return make("sms", name, options).send(SmsMessage(str(letter.message_id), letter.to, letter.text)).provider_id


def _email(letter: Letter) -> str:
    name, options = settings.HOMESTRETCH_PROVIDERS["email"]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    message = EmailMessage(
        key=str(letter.message_id),
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=f"<{letter.message_id}@{domain}>",
        sent_at=now(),
        headers={
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        },
    )
    return make("email", name, options).send(message).provider_id
