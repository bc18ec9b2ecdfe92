"""Pictures that come in pieces: a connection that breaks costs the piece that it broke, not the picture."""

from __future__ import annotations

from datetime import datetime, timedelta

from homestretch.dispatch.actions.proofs import check_wanted, lock_name
from homestretch.dispatch.models import UploadPart
from homestretch.dispatch.queries.uploads import received
from homestretch.dispatch.rules.blobs import check_piece
from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal

KEPT = timedelta(days=2)  # a phone that has not come back by then begins the picture anew


@action
def keep_part(sha256: str, start: int, data: bytes, total: int, *, by: Actor, at: datetime) -> int:
    """Keep the piece of a picture of `total` bytes that begins at byte `start`; returns how many bytes are there now.

    A piece that is known changes nothing. Refuses `sync.not_a_driver`, `blob.offset_conflict` (says how many bytes are
    there), `blob.too_large`, `blob.hash_malformed`, `blob.erased`.
    """
    if by.driver_id is None:
        raise Refusal("sync.not_a_driver", "only a driver's phone has an outbox", remedy="pair the phone with a driver")
    UploadPart.objects.filter(created_at__lt=at - KEPT).delete()
    lock_name(sha256)
    check_wanted(sha256)
    there = received(sha256)
    if start + len(data) <= there:
        return there
    check_piece(sha256, start, len(data), there=there, total=total)
    size = len(data)
    UploadPart.objects.create(driver_id=by.driver_id, sha256=sha256, start=start, size=size, data=data, created_at=at)
    return there + size


@action
def drop_parts(sha256: str, *, by: Actor, at: datetime) -> None:
    """Forget the pieces: the picture is whole, or its pieces are not what was declared."""
    UploadPart.objects.filter(sha256=sha256).delete()
