"""Which visits must be in one piece when a plan is improved piece by piece, and which plans can't be taken apart.

A route is never divided, so a rule within a route asks for nothing here. A rule between routes says which visits it
binds, or that it looks at all routes at once.
"""

from collections.abc import Callable, Iterable, Sequence

from homestretch.planner.problem import Problem

Names = Iterable[Sequence[str]]

BINDING: tuple[Callable[[Problem], Names], ...] = (
    lambda problem: ((pair.collect, pair.deliver) for pair in problem.pairs),
    lambda problem: (group.visits for group in problem.groups),
    lambda problem: (relation.visits for relation in problem.relations),
)
"""Each gives sets of visits that no two pieces may share."""

INDIVISIBLE: tuple[Callable[[Problem], object], ...] = (
    lambda problem: problem.goals.balance,
    lambda problem: problem.goals.split_zone,
)
"""Each is true of a problem whose cost is not the sum of its pieces' costs."""


def divisible(problem: Problem) -> bool:
    """Whether pieces of a plan can be improved apart from each other."""
    return not any(asked(problem) for asked in INDIVISIBLE)


def bound(problem: Problem) -> list[Sequence[str]]:
    """Sets of visits, each of which stays in one piece; a visit may be in several."""
    return [names for binding in BINDING for names in binding(problem) if len(names) > 1]


def joined(items: Sequence[Sequence[int]], bonds: Iterable[Sequence[int]]) -> list[list[int]]:
    """Numbers of items that stay together: those that a bond has visits in, one by one or by others between them."""
    item_of = {visit: number for number, item in enumerate(items) for visit in item}
    head = list(range(len(items)))

    def top(item: int) -> int:
        while head[item] != item:
            head[item] = head[head[item]]
            item = head[item]
        return item

    for bond in bonds:
        first, *others = {top(item_of[visit]) for visit in bond if visit in item_of} or {-1}
        for other in others:
            head[top(other)] = first
    groups: dict[int, list[int]] = {}
    for item in range(len(items)):
        groups.setdefault(top(item), []).append(item)
    return list(groups.values())
