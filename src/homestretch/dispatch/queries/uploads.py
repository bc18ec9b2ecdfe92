"""Pictures that have come in part. A driver sees the own pieces alone."""

from __future__ import annotations

from django.db.models import Sum

from homestretch.dispatch.models import UploadPart


def received(sha256: str) -> int:
    """How many bytes of a picture have come, from its beginning without a gap."""
    return int(UploadPart.objects.filter(sha256=sha256).aggregate(sum=Sum("size"))["sum"] or 0)


def pieces(sha256: str) -> bytes:
    """The bytes that have come."""
    rows = UploadPart.objects.filter(sha256=sha256).order_by("start").values_list("data", flat=True)
    return b"".join(bytes(row) for row in rows)
