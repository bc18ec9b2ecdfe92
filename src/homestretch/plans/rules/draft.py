"""A plan while it is edited: who goes where, in order; visits are taken off and put in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from homestretch.kernel.refusal import Refusal

Routes = Mapping[str, tuple[str, ...]]


class Draft:
    """Sequences by shift, and what is on no route. `shifts` are those that there are."""

    def __init__(self, routes: Routes, unassigned: Iterable[str], shifts: Collection[str]) -> None:
        self.routes = {shift: list(visits) for shift, visits in routes.items()}
        self.unassigned = dict.fromkeys(unassigned)
        self.shifts = shifts
        self.at = {visit: shift for shift, visits in routes.items() for visit in visits}

    def holds(self, visit: str) -> str | None:
        """The shift that a visit is on, None: none. Refuses `plan.visit_not_found`."""
        if visit not in self.at and visit not in self.unassigned:
            raise Refusal(
                "plan.visit_not_found",
                "this plan has no such visit",
                remedy="read the revision, and name a visit as it does",
                field="visit",
            )
        return self.at.get(visit)

    def route(self, shift: str) -> list[str]:
        """The sequence of a shift. Refuses `plan.move_invalid` for one that the plan does not have."""
        if shift not in self.shifts:
            raise invalid("this plan has no such shift", "shift_id")
        return self.routes.setdefault(shift, [])

    def take(self, visit: str) -> tuple[str, int] | None:
        """Take a visit off its route; returns where it was. It is then nowhere: `put` or `leave` it."""
        shift = self.holds(visit)
        if shift is None:
            self.unassigned.pop(visit)
            return None
        index = self.routes[shift].index(visit)
        del self.routes[shift][index], self.at[visit]
        return shift, index

    def put(self, visit: str, shift: str, position: int) -> None:
        """Put a visit that is nowhere at a position. Refuses `plan.move_invalid` for one that the route has not."""
        route = self.route(shift)
        if not 0 <= position <= len(route):
            raise invalid(f"position {position} is not in 0 to {len(route)}", "position")
        route.insert(position, visit)
        self.at[visit] = shift

    def leave(self, visit: str) -> None:
        """A visit that is nowhere is on no route."""
        self.unassigned[visit] = None

    def neighbors(self, visit: str) -> tuple[str | None, str | None]:
        """The visits before and behind one that is on a route; None: it is the first, or the last."""
        route = self.routes[self.at[visit]]
        index = route.index(visit)
        return (route[index - 1] if index else None), (route[index + 1] if index + 1 < len(route) else None)

    def frozen(self) -> dict[str, tuple[str, ...]]:
        """The sequences that have visits."""
        return {shift: tuple(visits) for shift, visits in self.routes.items() if visits}


def invalid(cause: str, field: str) -> Refusal:
    """An edit that makes no sense."""
    return Refusal("plan.move_invalid", cause, remedy="choose a shift and position of this plan", field=field)
