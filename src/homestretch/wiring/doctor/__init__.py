"""`homestretch doctor`: the promises of `docs/promises.md`, asked of the data as it stands.

Each check is a query of its own, as the app's role, in the scope of each organization in turn, in one read-only
snapshot. Nothing is changed, and nobody is held up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg

from homestretch.events import clock
from homestretch.events.later import known_jobs
from homestretch.events.subscribe import known_organizations
from homestretch.wiring.doctor import (
    blobs,
    follow,
    ground,
    left,
    log,
    messages,
    packages,
    plans,
    promises,
    road,
    tenancy,
    work,
)
from homestretch.wiring.doctor.look import Check, Finding, Found, Look, snapshot

MOST = 20  # findings of one invariant in one organization

CHECKS: dict[str, Check] = {
    "I1": log.i1,
    "I2": road.i2,
    "I3": road.i3,
    "I4": messages.i4,
    "I5": messages.i5,
    "I6": blobs.i6,
    "I7": work.i7,
    "I8": log.i8,
    "I9": follow.i9,
    "I10": packages.i10,
    "I11": follow.i11,
    "I12": tenancy.i12,
    "I13": log.i13,
    "I14": plans.i14,
    "I15": promises.i15,
    "I16": left.i16,
}


def titles() -> dict[str, str]:
    """Each invariant in a sentence: what its check says of itself."""
    return {name: (check.__doc__ or "").split("\n", 1)[0] for name, check in CHECKS.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `invariants` is I1 to I16, each held or broken."""

    invariants: dict[str, str]
    findings: list[Finding]
    notes: list[str]
    system: dict[str, Any] = field(default_factory=dict)

    @property
    def healthy(self) -> bool:
        """Whether every invariant is held."""
        return all(state == "held" for state in self.invariants.values())


def examine(owner: str | None = None, *, only: Iterable[str] = ()) -> Report:
    """Check every invariant (or `only` these) in every organization. Django is set up and connects as the app's role.

    `owner` is the address of the tables' owner: without it two questions that only it can ask are noted as not asked.
    """
    wanted = [name for name in CHECKS if not only or name in set(only)]
    figures = ground.survey(clock.now())
    notes = ground.notes(figures)
    findings = [finding for organization in known_organizations() for finding in _patient(organization, wanted)]
    findings += _installation(wanted)
    if owner:
        findings += _as_owner(owner, wanted)
    else:
        notes.append("the owner's address is not known: rows that lead into another organization, positions held too")
        notes[-1] += " long, and organizations that the log does not know were not looked for"
    broken = {finding.invariant for finding in findings}
    return Report({name: "broken" if name in broken else "held" for name in wanted}, findings, notes, figures)


def _patient(organization: UUID, wanted: Iterable[str]) -> Iterator[Finding]:
    for name in wanted:
        with snapshot(organization):
            look = Look(organization, clock.now(), ground.workers() > 0, frozenset(known_jobs()))
            yield from _named(name, organization, CHECKS[name](look))


def _named(name: str, organization: UUID | None, found: Found) -> list[Finding]:
    return [Finding(name, organization, subject, what) for subject, what in islice(found, MOST)]


def _installation(wanted: Iterable[str]) -> Iterator[Finding]:
    if "I12" in wanted:
        with snapshot():
            yield from _named("I12", None, tenancy.books())
            yield from _named("I12", None, tenancy.nobody())


def _as_owner(address: str, wanted: Iterable[str]) -> list[Finding]:
    with psycopg.connect(address) as owner:
        owner.read_only = True
        found = []
        if "I12" in wanted:
            found += [Finding("I12", *row) for row in islice(tenancy.crossings(owner), MOST)]
        if "I11" in wanted:
            found += [Finding("I11", *row) for row in follow.held_too_long(owner, clock.now())]
        if "I13" in wanted:
            found += [Finding("I13", *row) for row in log.unknown(owner)]
    return found
