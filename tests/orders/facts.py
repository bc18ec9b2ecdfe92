"""What was recorded, for a look."""

from __future__ import annotations

from uuid import UUID

from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor


def facts_of(by: Actor, subject_id: UUID) -> list[str]:
    """The types of a subject's facts, in its own order."""
    with scope(by):
        return list(Event.objects.filter(subject_id=subject_id).order_by("subject_seq").values_list("type", flat=True))
