"""Reading along in the log."""

from __future__ import annotations

from homestretch.events.models import Event
from homestretch.events.subscribe import drainer
from homestretch.insights import actions


@drainer("insights.digest")
def digest(events: list[Event]) -> None:
    """Digest a page of the log into facts."""
    actions.digest(events)
