"""A person was erased: what was written, typed, drawn and photographed at their stops goes too. That it was, when, and
how it ended stays. A stop that served somebody else as well loses its pictures with the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from homestretch.dispatch.actions.proofs import lock_name
from homestretch.dispatch.events import ProofErased
from homestretch.dispatch.models import Blob, DriverMessage, Intent, Proof, StopTask, UploadPart
from homestretch.dispatch.rules.intents import WORDED, without_words
from homestretch.events.action import action
from homestretch.events.idempotency import forget_answers
from homestretch.events.later import later
from homestretch.events.log import record_all
from homestretch.kernel.actor import Actor
from homestretch.places.actions import forget_halts


@action
def forget(recipient_id: UUID, *, by: Actor, at: datetime) -> list[Proof]:
    """Erase the words and pictures of a person's stops; returns the proofs that became tombstones. The bytes leave the
    store by a job. Saying it again changes nothing."""
    works = list(StopTask.objects.filter(order__recipient_id=recipient_id))
    stop_ids = sorted({work.stop_id for work in works})
    StopTask.objects.filter(id__in=[work.id for work in works]).update(note="")
    DriverMessage.objects.filter(stop_id__in=stop_ids).update(text="")
    for intent in Intent.objects.filter(stop_id__in=stop_ids):
        intent.body = without_words(intent.body)
        intent.save(update_fields=["body"])
    forget_answers(stop_ids)
    forget_halts(stop_ids, by=by, at=at)
    return _erase_proofs(stop_ids, by=by, at=at)


def _erase_proofs(stop_ids: list[UUID], *, by: Actor, at: datetime) -> list[Proof]:
    standing = Proof.objects.filter(stop_id__in=stop_ids, erased_at=None)
    for name in sorted({proof.declared_sha256 for proof in standing} - {""}):
        lock_name(name)  # as `keep_blob` does: first the name, then the proofs
    UploadPart.objects.filter(sha256__in={proof.declared_sha256 for proof in standing} - {""}).delete()
    proofs = list(standing.select_for_update(of=("self",)).order_by("id"))
    seen = {ident for proof in proofs for ident in (proof.blob_id, proof.rendition_id) if ident}
    for proof in proofs:
        proof.erased_at, proof.blob, proof.rendition = at, None, None
        proof.text = "" if proof.kind in WORDED else proof.text
        proof.save(update_fields=["erased_at", "blob", "rendition", "text"])
    record_all([ProofErased(proof.id, proof.stop_id) for proof in proofs], by=by, at=at)
    names = _drop_blobs(seen)
    if names:
        later("dispatch.drop_pictures", by.organization_id, names=names)
    return proofs


def _drop_blobs(seen: Iterable[UUID]) -> list[str]:
    """Delete those of the blobs that nothing else shows (two pictures may be drawn the same); returns their names."""
    drop = set(seen)
    for field in ("blob_id", "rendition_id"):
        drop -= set(Proof.objects.filter(**{f"{field}__in": drop}).values_list(field, flat=True))
    while drop and (needed := _renditions_of_others(drop)):
        drop -= needed
    rows = Blob.objects.filter(id__in=drop)
    names = sorted(rows.values_list("sha256", flat=True))
    for orphan in Blob.objects.filter(rendition_of_id__in=drop).exclude(id__in=drop):
        orphan.rendition_of = Blob.objects.filter(rendition=orphan).exclude(id__in=drop).order_by("id").first()
        orphan.save(update_fields=["rendition_of"])
    rows.update(rendition=None, rendition_of=None)
    rows.delete()
    return names


def _renditions_of_others(drop: set[UUID]) -> set[UUID]:
    others = Blob.objects.filter(rendition_id__in=drop).exclude(id__in=drop)
    return set(others.values_list("rendition_id", flat=True))
