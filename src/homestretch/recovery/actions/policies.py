"""What changing a running day is worth to the organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import check_version
from homestretch.recovery.events import PolicyChanged
from homestretch.recovery.gather import prices_of
from homestretch.recovery.models import Policy
from homestretch.recovery.rules.proposing import POLICY, read_prices


@action
def set_policy(given: Mapping[str, int], *, version: int | None = None, by: Actor, at: datetime) -> Policy:
    """Change some of the policy. Refuses `policy.unknown`, `policy.out_of_bounds`, `policy.stale`."""
    accounts.organization(lock=True)
    row = Policy.objects.first() or Policy(version=0, **asdict(POLICY))
    check_version("policy", version, row.version)
    for name, value in asdict(read_prices(given, prices_of(row))).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record(PolicyChanged(row.id, row.version), by=by, at=at)
    return row
