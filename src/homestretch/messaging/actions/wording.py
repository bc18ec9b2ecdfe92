"""Words at the moment of sending: the template that holds, filled with how things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from homestretch.accounts.actions import link_for, link_url
from homestretch.accounts.models import Organization
from homestretch.events.log import event
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.kernel.windows import Window
from homestretch.messaging.actions.planning import address_of
from homestretch.messaging.models import Message
from homestretch.messaging.queries.templates import words_for
from homestretch.messaging.rules import segments, speech
from homestretch.messaging.rules.shown import reference
from homestretch.messaging.rules.templates import clean, fill, variables
from homestretch.messaging.texts import FOOTERS, SUBJECTS
from homestretch.messaging.values import Letter
from homestretch.orders import queries as orders
from homestretch.tracking import queries as tracking

_SECRET = re.compile(r"hst_[0-9a-f]{16,}")


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, read once: whom it is for, whose it is, and the work at its stop, if there is any."""

    recipient: Any
    organization: Organization
    work: Any


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter, what of it is kept, and the promise that it tells."""

    letter: Letter
    kept: str
    segments: int | None
    promise_id: UUID | None


def word(row: Message, about: About, *, by: Actor, at: datetime) -> Worded:
    """Render a message for its recipient. The tracking link's token is rebuilt here and goes nowhere else."""
    recipient, organization = about.recipient, about.organization
    address = address_of(recipient, row.channel)
    languages = [recipient.language, organization.language]
    _, token = link_for(row.order_id, by=by, at=at)
    link = link_url(token)
    if row.kind == "personal":
        return _personal(row, address, about, link)
    words = words_for(row.kind, row.channel, languages)
    promise = promise_of(row, about.work)
    language = speech.spoken([words.language, *languages])
    values = {**_plain(row, recipient, organization), **_times(row, promise, about, language, at), "link": link}
    body = _fill(words.text.body, values)
    used = variables(words.text.body) | variables(words.text.subject)
    letter = (
        Letter(row.id, "sms", address, body)
        if row.channel == "sms"
        else _email(row, address, (_fill(words.text.subject, values), body), link, (language, organization.name))
    )
    told = promise.id if promise is not None and "window" in used else None
    size = segments.count(body).segments if row.channel == "sms" else None
    return Worded(letter, _SECRET.sub("hst_...", body), size, told)


def _personal(row: Message, address: str, about: About, link: str) -> Worded:
    """What a person wrote, as it stands."""
    language = speech.spoken([about.recipient.language, about.organization.language])
    if row.channel == "sms":
        return Worded(Letter(row.id, "sms", address, row.body), row.body, segments.count(row.body).segments, None)
    subject = fill(SUBJECTS[language], {"reference": clean(reference(row.order.external_id, row.order_id), most=40)})
    letter = _email(row, address, (subject, row.body), link, (language, about.organization.name))
    return Worded(letter, row.body, None, None)


def _fill(text: str, values: dict[str, str]) -> str:
    """Filled; a greeting without a name loses the blank before it."""
    return fill(text if values["name"] else text.replace(" {name}", ""), values)


def _plain(row: Message, recipient: Any, organization: Any) -> dict[str, str]:
    return {
        "organization": clean(organization.name, most=40),
        "phone": organization.phone or organization.email or settings.HOMESTRETCH_URL,
        "name": clean(recipient.name),
        "reference": clean(reference(row.order.external_id, row.order_id), most=40),
        "address": clean(_address(row), most=120),
    }


def _address(row: Message) -> str:
    """Where the goods are met: at the stop, or at the depot where they wait."""
    if row.kind == "pickup" and row.order.pickup_depot_id:
        depot = fleet.depot(row.order.pickup_depot_id)
        return str(depot.place.address or depot.name)
    return str(row.stop.place.address) if row.stop else ""


def _times(row: Message, promise: Any, about: About, language: str, at: datetime) -> dict[str, str]:
    zone, stop, work = ZoneInfo(about.organization.zone), row.stop, about.work
    window = Window(promise.start, promise.end) if promise else None
    when = window.start if window else stop.planned_arrive if stop else at
    day = speech.say_day(when, zone, language)
    return {
        "day": day,
        "window": speech.say_window(window, zone, language) if window else day,
        "expected": _expected(stop, zone, language, at),
        "done": speech.say_done(work.task.kind if work else "", work.outcome if work else "", language),
        "reason": _reason(row, work, language),
    }


def _reason(row: Message, work: Any, language: str) -> str:
    """Why it failed, or why it comes later."""
    if row.kind == "changed":
        return speech.say_change(event(row.event_id).data["kind"], language)
    return speech.say_reason(work.reason if work else "", language)


def _expected(stop: Any, zone: ZoneInfo, language: str, at: datetime) -> str:
    """The forecast's likely time if it is fresh and ahead, else the plan's if it is, else a word."""
    views = tracking.forecasts([stop.id]) if stop else []
    times = [view.p50 for view in views if not view.stale(at)] + ([stop.planned_arrive] if stop else [])
    ahead = [time for time in times if time > at]
    return speech.say_time(ahead[0], zone) if ahead else speech.SOON[language]


def promise_of(row: Message, work: Any) -> Any:
    """The promise that a message tells: of the work at its stop, or of an order that waits at a depot; or None."""
    if work is not None:
        return orders.current_promise(work.task_id)
    waiting = [task for task in row.order.tasks.all() if task.state == "open"] if row.kind == "pickup" else []
    return orders.current_promise(waiting[0].id) if waiting else None


def work_of(row: Message) -> Any:
    """The order's work on the message's stop, the one at which the recipient is met; None without a stop."""
    if row.stop is None:
        return None
    works = row.stop.works.filter(order_id=row.order_id).select_related("task").order_by("-task__number", "id")
    met = [work for work in works if not (work.task.kind == "collect" and work.task.pair)]
    return met[0] if met else None


def _email(row: Message, to: str, words: tuple[str, str], link: str, writer: tuple[str, str]) -> Letter:
    (subject, body), (language, organization) = words, writer
    unsubscribe = f"{link}/unsubscribe"
    footer = fill(FOOTERS[language], {"organization": clean(organization, most=40), "unsubscribe": unsubscribe})
    text = f"{body}\n\n-- \n{footer}\n"
    return Letter(row.id, "email", to, text, clean(subject, most=200), _html(body, footer), unsubscribe)


def _html(body: str, footer: str) -> str:
    """The same words as HTML: paragraphs, and addresses that can be tapped."""
    paragraphs = "".join(f"<p>{_linked(part)}</p>" for part in body.split("\n\n") if part.strip())
    return (
        '<!doctype html><html><head><meta charset="utf-8"></head><body style="font:16px/1.5 sans-serif">'
        f'{paragraphs}<p style="color:#5c6b7a;font-size:13px">{_linked(footer)}</p></body></html>'
    )


def _linked(text: str) -> str:
    shown = escape(text.strip()).replace("\n", "<br>")
    return re.sub(r"https?://[^\s<]+", lambda match: f'<a href="{match[0]}">{match[0]}</a>', shown)
