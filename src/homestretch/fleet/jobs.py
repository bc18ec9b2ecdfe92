"""Shifts are made ahead, each night."""

from __future__ import annotations

from uuid import UUID

from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.events.scope import scope
from homestretch.fleet import actions, queries
from homestretch.kernel.actor import system


@job("fleet.open_ahead")
def open_ahead(organization_id: UUID) -> None:
    """Make the shifts of the next days; where no rule holds any more it is not asked again."""
    by = system(organization_id)
    with scope(by):
        goes_on = queries.shift_rules().exists()
    if goes_on:
        actions.open_ahead(by=by, at=now())
