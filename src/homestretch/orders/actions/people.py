"""Recipients: kept once per external id, asked for consent per channel, erased on demand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.idempotency import forget_answers
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders.events import RecipientErased
from homestretch.orders.models import Door, Order, Recipient, Silenced, Task
from homestretch.orders.queries import address_hash, addressee, silent
from homestretch.orders.rules import ADDRESSES, CHANNELS
from homestretch.orders.values import RecipientData
from homestretch.places.actions import forget_notes

FIELDS = ("name", "phone", "email", "language")


def save_recipients(wanted: Sequence[tuple[RecipientData, UUID | None]]) -> list[Recipient]:
    """The recipient of each, with the merchant whose customer it is: by external id the one that is known, brought up
    to date; without one a new row. Somebody who said STOP stays silent under a new row of the same number."""
    known = _known(wanted)
    quiet = silent_among(data for data, _ in wanted)
    found, new = [], []
    for data, merchant_id in wanted:
        key = (merchant_id, data.external_id)
        recipient = known.get(key) if data.external_id else None
        if recipient is None:
            recipient = Recipient(id=uuid7(), merchant_id=merchant_id, external_id=data.external_id)
            new.append(recipient)
            if data.external_id:
                known[key] = recipient
        changed = fill(recipient, data, quiet)
        if changed and not recipient._state.adding:
            recipient.save()
        found.append(recipient)
    Recipient.objects.bulk_create([row for row in new if not row.external_id])
    named = [row for row in new if row.external_id]
    if not named:
        return found
    Recipient.objects.bulk_create(named, ignore_conflicts=True)  # another transaction may have been first: then theirs
    known = _known(wanted)
    return [known[row.merchant_id, row.external_id] if row.external_id else row for row in found]


def _known(wanted: Iterable[tuple[RecipientData, UUID | None]]) -> dict[tuple[UUID | None, str | None], Recipient]:
    ids = sorted({data.external_id for data, _ in wanted if data.external_id})
    rows = Recipient.objects.select_for_update().filter(external_id__in=ids).order_by("id") if ids else ()
    return {(row.merchant_id, row.external_id): row for row in rows}


def silent_among(wanted: Iterable[RecipientData]) -> dict[str, set[str]]:
    """Of each channel the addresses given whose owners want nothing more by it."""
    given = list(wanted)
    return {channel: silent(channel, [getattr(data, field) for data in given]) for channel, field in ADDRESSES.items()}


def fill(recipient: Recipient, data: RecipientData, quiet: dict[str, set[str]]) -> bool:
    """Take over what is given, and silence with it; what is empty leaves as it is. Whether anything is changed."""
    before = [getattr(recipient, name) for name in (*FIELDS, "consent", "opted_out")]
    for name in FIELDS:
        setattr(recipient, name, getattr(data, name) or getattr(recipient, name))
    recipient.consent = {**recipient.consent, **data.consent}
    silenced = {channel for channel, field in ADDRESSES.items() if getattr(recipient, field) in quiet[channel]}
    recipient.opted_out = sorted({*recipient.opted_out, *silenced})
    return before != [getattr(recipient, name) for name in (*FIELDS, "consent", "opted_out")]


@action
def opt_out(recipient_id: UUID, channel: str, *, by: Actor, at: datetime) -> list[Recipient]:
    """No more messages by this channel, for this row and every other of the same number or e-mail. Returns those that
    were changed: whoever heard the STOP records it."""
    return _choose(recipient_id, channel, out=True)


@action
def opt_in(recipient_id: UUID, channel: str, *, by: Actor, at: datetime) -> list[Recipient]:
    """Messages by this channel again, with consent. Returns the rows that were changed."""
    return _choose(recipient_id, channel, out=False)


def _choose(recipient_id: UUID, channel: str, *, out: bool) -> list[Recipient]:
    if channel not in CHANNELS:
        raise Refusal("recipient.channel_unknown", channel[:20], remedy="sms or email", field="channel")
    recipient = addressee(recipient_id, channel)
    name = ADDRESSES[channel]
    address = getattr(recipient, name)
    if not out:
        Silenced.objects.filter(channel=channel, address_hash=address_hash(channel, address)).delete()
    same = Recipient.objects.select_for_update().filter(**{name: address}).order_by("id")
    changed = []
    for row in same if address else [recipient]:
        stands = channel in row.opted_out if out else channel not in row.opted_out and bool(row.consent.get(channel))
        if not stands:
            row.opted_out = sorted({*row.opted_out, channel} if out else {*row.opted_out} - {channel})
            row.consent = row.consent if out else {**row.consent, channel: True}
            row.save()
            changed.append(row)
    return changed


def _locked(recipient_id: UUID) -> Recipient:
    recipient = Recipient.objects.select_for_update().filter(id=recipient_id).first()
    if recipient is None:
        raise not_found("recipient", recipient_id)
    return recipient


@action
def erase_recipient(recipient_id: UUID, *, by: Actor, at: datetime) -> Recipient:
    """Replace a person's data by a tombstone: name, number, e-mail, what orders, import files and kept answers say of
    them, and what was noted of their door; whoever listens forgets what was said to them and at their door. Of an
    address that wants nothing more a keyed hash stays, so that nothing is sent there after a later order.

    Refuses `recipient.has_open_orders`: what is still owed must be delivered or cancelled first.
    """
    recipient = _locked(recipient_id)
    if recipient.erased_at is not None:
        return recipient
    orders = list(Order.objects.select_for_update().filter(recipient=recipient).order_by("id"))
    if any(order.is_open for order in orders):
        raise Refusal(
            "recipient.has_open_orders",
            "this person is still owed an order",
            remedy="complete or cancel the open orders, then erase",
        )
    for order in orders:
        order.instructions, order.pin, order.picked_up_by, order.metadata = "", "", "", {}
        order.version += 1
        order.save()
    _forget_doors(recipient, by=by, at=at)
    told = Door.objects.filter(order__in=orders)
    drop_photos(told.values_list("photo", flat=True), by)
    told.delete()
    for import_id in {order.source_id for order in orders if order.source_id}:
        later("orders.forget_file", by.organization_id, import_id=import_id)
    links = [link.id for order in orders if (link := accounts.link_of(order.id))]
    forget_answers([recipient.id, *links])
    _keep_silent(recipient)
    for name in FIELDS:
        setattr(recipient, name, "")
    recipient.external_id, recipient.consent, recipient.opted_out, recipient.erased_at = None, {}, [], at
    recipient.save()
    record(RecipientErased(recipient.id), by=by, at=at)
    return recipient


def _forget_doors(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """What is noted of the places that this person was served at; a place that serves others too keeps its notes."""
    tasks = Task.objects.annotate(doors=Coalesce("place__merged_into_id", "place_id"))
    theirs = tasks.filter(order__recipient=recipient)
    doors = set(theirs.values_list("doors", flat=True))
    others = tasks.filter(doors__in=doors, order__recipient__erased_at=None).exclude(order__recipient=recipient)
    alone = theirs.exclude(doors__in=set(others.values_list("doors", flat=True)))
    forget_notes(_places(theirs), _places(alone), by=by, at=at)


def _places(tasks: QuerySet[Task]) -> set[UUID]:
    """Where the tasks are done, and the places merged into these that they name."""
    return {ident for both in tasks.values_list("doors", "place_id") for ident in both}


def drop_photos(names: Iterable[str], by: Actor) -> None:
    """Have pictures taken out of the store, once this transaction holds."""
    gone = sorted(set(names) - {""})
    if gone:
        later("orders.drop_photos", by.organization_id, names=gone)


def _keep_silent(recipient: Recipient) -> None:
    rows = [
        Silenced(channel=channel, address_hash=address_hash(channel, getattr(recipient, ADDRESSES[channel])))
        for channel in recipient.opted_out
        if getattr(recipient, ADDRESSES[channel])
    ]
    Silenced.objects.bulk_create(rows, ignore_conflicts=True)
