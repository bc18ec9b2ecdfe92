"""The line of a plan's revisions: who did what, what can be taken back, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from homestretch.accounts import queries as accounts
from homestretch.kernel.actor import Actor
from homestretch.plans.models import Plan, Revision
from homestretch.plans.presence import present
from homestretch.plans.rules.history import Step, next_redo, next_undo

FAR = 1_000  # revisions that undo looks back


def steps_of(plan: Plan) -> list[Step]:
    """The newest steps of a plan, the newest first."""
    rows = Revision.objects.filter(plan_id=plan.id, number__lte=plan.head).order_by("-number")
    return [Step(*row) for row in rows.values_list("number", "why", "of", "actor", "parent")[:FAR]]


def steps_back(plan: Plan, by: Actor) -> tuple[int, int]:
    """(the revision that `undo` would take back for an actor, the undo that `redo` would); 0: none."""
    steps = steps_of(plan)
    return next_undo(steps, str(by)), next_redo(steps, str(by))


def locks_on(locks: Sequence[Mapping[str, Any]], by: Actor) -> list[dict[str, Any]]:
    """A revision's locks as they are shown, with names."""
    names = names_of(lock["by"] for lock in locks)
    return [
        {
            "kind": lock["kind"],
            "shift_id": lock["shift"],
            "visit": lock["visit"],
            "by": names.get(lock["by"], SOMEBODY),
            "mine": lock["by"] == str(by),
            "at": lock["at"],
        }
        for lock in locks
    ]


SOMEBODY = "Homestretch"  # a search that was asked by nobody, our own work


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """What people call those who act."""
    asked = set(actors)
    return accounts.names_of(asked) if asked else {}


def name_of(by: Actor) -> str:
    """What people call who asks."""
    return names_of([str(by)]).get(str(by), SOMEBODY)


def people_at(day: date, by: Actor) -> list[dict[str, Any]]:
    """Who has the board of a day open now."""
    return [
        {
            "tab": row.tab,
            "name": row.name,
            "me": row.member == str(by),
            "selected": row.selected,
            "seen_at": row.seen_at,
        }
        for row in present(day)
    ]
