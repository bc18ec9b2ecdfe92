"""What dispatch does when something below it happens."""

from __future__ import annotations

from homestretch.dispatch import actions
from homestretch.events.clock import now
from homestretch.events.models import Event
from homestretch.events.subscribe import consumer
from homestretch.kernel.actor import system


@consumer("dispatch.order_cancelled")
def take_off(event: Event) -> None:
    """Take a cancelled order's tasks off the live routes."""
    actions.take_off_cancelled(event.subject_id, by=system(event.organization_id), at=now())
