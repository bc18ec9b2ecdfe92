"""Proof: captured at the door, and the bytes of pictures, which may come before or after."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from homestretch.dispatch.actions.steps import is_forgotten, live_works, locked_stop
from homestretch.dispatch.events import ProofCaptured
from homestretch.dispatch.models import Blob, Intent, Proof, Stop
from homestretch.dispatch.rules.intents import PIN_TRIES, PROOFS, WITH_BLOB, WORDED
from homestretch.dispatch.values import BlobData, ProofData
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.events.scope import current_organization
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import derived_id, secret_hash
from homestretch.kernel.refusal import Refusal

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@action
def capture_proof(stop_id: UUID, proof: ProofData, *, proof_id: UUID | None = None, by: Actor, at: datetime) -> Proof:
    """Keep what shows that it happened. A PIN is compared in constant time and not kept: its proof names the order.

    Refuses `stop.not_found`, `proof.kind_unknown`, `proof.hash_malformed`, `proof.text_missing`, `proof.pin_wrong`,
    `proof.pin_locked` after five wrong ones at this stop.
    """
    _, stop = locked_stop(stop_id)
    if proof.kind not in PROOFS:
        raise Refusal("proof.kind_unknown", "there is no such kind of proof", remedy=f"one of {', '.join(PROOFS)}")
    text, declared = proof.text, ""
    if proof.kind in WITH_BLOB:
        text, declared = "", _declared(proof.declared_sha256)
    elif not text:
        raise Refusal("proof.text_missing", f"a {proof.kind} needs a text", remedy="send it as text", field="text")
    if proof.kind == "pin":
        text = str(_order_of_pin(stop, text))
    row = Proof(stop=stop, kind=proof.kind, declared_sha256=declared, text=text, at=at)
    row.id = proof_id or row.id
    if is_forgotten(stop.id):  # a phone that was long away: what it brings is not kept again
        row.erased_at, row.text = at, "" if proof.kind in WORDED else text
    elif declared:
        lock_name(declared)
        _attach(row, Blob.objects.filter(sha256=declared, rendition__isnull=False).first())
    row.save(force_insert=True)
    record(ProofCaptured(row.id, stop.id, proof.kind), by=by, at=at)
    return row


@action
def keep_blob(data: BlobData, *, by: Actor, at: datetime) -> Blob:
    """Note that bytes and their rendition are in the store, and give them to the proofs that wait for them.

    Refuses `blob.erased` where every proof that declared them was erased with its person.
    """
    lock_name(data.sha256)
    check_wanted(data.sha256)
    blob = _blob(data.sha256, size=data.size, media_type=data.media_type, created_at=at)
    if blob.rendition_id is None:
        about = {"size": data.rendition_size, "media_type": data.rendition_media_type, "created_at": at}
        blob.rendition = (
            blob if data.rendition_sha256 == data.sha256 else _blob(data.rendition_sha256, rendition_of=blob, **about)
        )
        blob.save(update_fields=["rendition"])
    waiting = Proof.objects.filter(declared_sha256=data.sha256, blob=None, erased_at=None)
    for proof in waiting.select_for_update(of=("self",)):
        _attach(proof, blob)
        proof.save(update_fields=["blob", "rendition"])
    return blob


def check_wanted(sha256: str) -> None:
    """Refuses `blob.erased`, in an open scope."""
    declared = set(Proof.objects.filter(declared_sha256=sha256).values_list("erased_at", flat=True))
    if declared and None not in declared:
        raise Refusal("blob.erased", "the picture was erased with the person", remedy="drop it: nothing is to be done")


def _blob(sha256: str, **about: Any) -> Blob:
    """The row of these bytes, made if it is new."""
    row, _ = Blob.objects.get_or_create(sha256=sha256, defaults=about)
    return row


def _declared(sha256: str) -> str:
    if not _SHA256.match(sha256):
        raise Refusal(
            "proof.hash_malformed",
            "the declared SHA-256 is none",
            remedy="64 lower-case hex digits of the bytes that are uploaded",
            field="sha256",
        )
    return sha256


def _order_of_pin(stop: Stop, pin: str) -> UUID:
    """The order at this stop that is handed over against `pin`."""
    wrong = Intent.objects.filter(stop_id=stop.id, kind="proof", refusal__code="proof.pin_wrong").count()
    if wrong >= PIN_TRIES:
        raise Refusal("proof.pin_locked", "too many wrong PINs at this stop", remedy="call the dispatcher")
    given = secret_hash(pin)
    owed = [work.order for work in live_works(stop) if work.order.pin]
    matching = [order.id for order in owed if hmac.compare_digest(secret_hash(order.pin), given)]
    if not matching:
        raise Refusal("proof.pin_wrong", "that is not the PIN", remedy="ask the recipient again", field="text")
    return matching[0]


def _attach(proof: Proof, blob: Blob | None) -> None:
    if blob is not None:
        proof.blob = blob
        proof.rendition = blob.rendition


def lock_name(sha256: str) -> None:
    """One at a time per name: of bytes and proof that come at the same moment, the later one sees the earlier."""
    lock = derived_id("blob", current_organization(), sha256).int & (1 << 63) - 1
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock])
