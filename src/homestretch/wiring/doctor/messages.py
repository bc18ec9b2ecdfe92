"""I4, I5: a person is told once, what is true, and not when it is unwelcome."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.messaging.rules.kinds import KINDS, Facts, why_untrue
from homestretch.messaging.rules.timing import Quiet, is_quiet
from homestretch.wiring.doctor.look import Found, Look
from homestretch.wiring.doctor.road import BEGINS, STEPS

LEFT = ("sending", "sent", "delivered", "unknown", "failed")  # a provider may have taken it
SLACK = timedelta(seconds=5)  # between a fact's hour and its commit: what changed meanwhile nobody could know

_TWICE = """
select event_id, channel, recipient_id, count(*) from messaging_message
where organization_id = %(org)s and state = any(%(left)s)
group by event_id, channel, recipient_id having count(*) > 1
"""
_ACCEPTED = """
select provider_id, channel, count(*) from messaging_message
where organization_id = %(org)s and provider_id <> '' group by provider_id, channel having count(*) > 1
"""
_AGAIN = """
select m.id, m.state, count(*) from messaging_message m join events_event e
    on e.organization_id = m.organization_id and e.subject = 'message' and e.subject_id = m.id
        and e.type = 'message.sent'
where m.organization_id = %(org)s group by m.id, m.state
having count(*) > 1 or m.state in ('planned', 'deferred')
"""


def i4(look: Look) -> Found:
    """At most one accepted send per event, channel and recipient; what was taken is not sent again."""
    for event, channel, recipient, count in look.rows(_TWICE, left=list(LEFT)):
        yield f"recipient {recipient}", f"told {count} times of event {event} by {channel}"
    for provider_id, channel, count in look.rows(_ACCEPTED):
        yield f"provider's id {provider_id}", f"stands on {count} messages by {channel}"
    for ident, state, count in look.rows(_AGAIN):
        yield f"message {ident}", f"taken {count} times by its provider, and it is {state}"


_SENT = """
select m.id, m.kind, m.channel, m.recipient_id, m.order_id, m.stop_id, coalesce(m.sending_at, m.sent_at)
from messaging_message m
where m.organization_id = %(org)s and m.state = any(%(left)s) and coalesce(m.sending_at, m.sent_at) is not null
"""
_STATES = """
select subject, subject_id, type, recorded_at from events_event
where organization_id = %(org)s and subject = any(%(subjects)s) and type = any(%(types)s)
    and subject_id in (
        select order_id from messaging_message where organization_id = %(org)s
        union select stop_id from messaging_message where organization_id = %(org)s)
order by subject_id, subject_seq
"""
_CHOICES = """
select subject_id, data ->> 'channel', type = 'recipient.opted_out', recorded_at from events_event
where organization_id = %(org)s and type in ('recipient.opted_out', 'recipient.opted_in')
order by subject_id, subject_seq
"""
_QUIET = """
select o.quiet_from, o.quiet_to, o.zone, (
    select max(e.recorded_at) from events_event e
    where e.organization_id = o.id and e.type = 'organization.updated'
        and e.data -> 'fields' ?| array['quiet_from', 'quiet_to', 'zone'])
from accounts_organization o where o.id = %(org)s
"""
Line = Sequence[tuple[datetime, Any]]  # (since, value), rising


def i5(look: Look) -> Found:
    """No message whose premise was false when it was sent; none in quiet hours; none after STOP."""
    states, choices = _states(look), _choices(look)
    quiet, ruled_since = _quiet(look)
    for ident, kind, channel, recipient, order, stop, at in look.rows(_SENT, left=list(LEFT)):
        name = f"message {ident}"
        why = _untrue(kind, states.get(order, ()), states.get(stop, ()) if stop else None, at)
        if why:
            yield name, f"{kind} at {at.isoformat()}, and its premise was gone: {why}"
        if not KINDS[kind].consent:
            continue  # an answer to somebody who has just written
        if quiet and is_quiet(quiet, at) and (ruled_since is None or at > ruled_since + SLACK):
            yield name, f"{kind} at {at.isoformat()}, in the quiet hours"
        chosen = choices.get((recipient, channel), ())
        if _value(chosen, at, False) and _value(chosen, at - SLACK, False):
            yield name, f"{kind} at {at.isoformat()}, after the recipient said STOP"


def _untrue(kind: str, order: Line, stop: Line | None, at: datetime) -> str:
    """Why the premise was false at `at`, and at every moment shortly before it; '' when it held at one."""
    why = ""
    for one in _held(order, at, BEGINS["order"]):
        for other in _held(stop, at, BEGINS["stop"]) if stop is not None else [""]:
            why = why_untrue(kind, Facts(order=one, stop=other, work_open=True))
            if not why:
                return ""
    return why


def _held(line: Line, at: datetime, before: Any) -> list[Any]:
    """All that held at `at` or shortly before it: within one instant there may be several."""
    return [_value(line, at - SLACK, before), *(value for since, value in line if at - SLACK < since <= at)]


def _value(line: Line, at: datetime, before: Any) -> Any:
    """What held at `at`."""
    index = bisect_right(line, at, key=lambda entry: entry[0])
    return line[index - 1][1] if index else before


def _states(look: Look) -> Mapping[UUID, Line]:
    lines: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    steps = STEPS["order"] | STEPS["stop"]  # type: ignore[operator]
    for _, ident, fact, at in look.rows(_STATES, subjects=["order", "stop"], types=list(steps)):
        lines[ident].append((at, steps[fact]))
    return lines


def _choices(look: Look) -> Mapping[tuple[UUID, str], Line]:
    lines: dict[tuple[UUID, str], list[tuple[datetime, bool]]] = defaultdict(list)
    for recipient, channel, out, at in look.rows(_CHOICES):
        lines[recipient, channel].append((at, out))
    return lines


def _quiet(look: Look) -> tuple[Quiet | None, datetime | None]:
    """The organization's quiet hours, and since when they are what they are (None: ever since)."""
    for start, end, zone, since in look.rows(_QUIET):
        return Quiet(start, end, ZoneInfo(zone)), since
    return None, None
