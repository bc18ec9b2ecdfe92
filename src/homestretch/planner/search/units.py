"""What binds visits to each other, made ready for the core: chains, what goes whole or not at all, and its price."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from homestretch.planner.problem import Problem, Visit

MOST_KINDS = 64
"""Kinds of goods that must not meet others: a bit each in the core."""


def chains(problem: Problem) -> list[tuple[str, ...]]:
    """Visits that `adjacent` relations put one after the other; those that contradict each other are left aside."""
    after = {a: b for relation in _adjacent(problem) for a, b in pairwise(relation)}
    wrong = torn(problem)
    heads = [name for name in after if name not in set(after.values()) and name not in wrong]
    return [tuple(_walk(after, head)) for head in heads]


def torn(problem: Problem) -> set[str]:
    """Visits that no plan can serve: two would come right after them, or right before, or they are in a circle, or a
    pair's goods were set down before they are taken up."""
    steps = {step for relation in _adjacent(problem) for step in pairwise(relation)}
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for a, b in steps:
        after.setdefault(a, set()).add(b)
        before.setdefault(b, set()).add(a)
    wrong = {name for links in (after, before) for name, others in links.items() if len(others) > 1}
    single = {a: next(iter(others)) for a, others in after.items() if len(others) == 1}
    reached = {name for head in single if head not in before for name in _walk(single, head)}
    wrong |= {name for name in single if name not in reached and not wrong}
    for head in single:
        if head not in before:
            place = {name: number for number, name in enumerate(_walk(single, head))}
            wrong |= {p.collect for p in problem.pairs if place.get(p.collect, -1) > place.get(p.deliver, len(place))}
    return wrong


def _walk(after: Mapping[str, str], head: str) -> Iterator[str]:
    seen: set[str] = set()
    while head not in seen:
        yield head
        seen.add(head)
        head = after.get(head, head)


def _adjacent(problem: Problem) -> Iterator[tuple[str, ...]]:
    return (relation.visits for relation in problem.relations if relation.kind == "adjacent")


def all_or_none(problem: Problem) -> list[tuple[str, ...]]:
    """Sets of visits that one shift serves, or nobody."""
    return [*((pair.collect, pair.deliver) for pair in problem.pairs), *_adjacent(problem)]


def units(problem: Problem) -> list[tuple[tuple[str, ...], ...]]:
    """Visits that go in and out together: a chain, or for a pair two, of more than one visit in all."""
    chain_of = {name: chain for chain in chains(problem) for name in chain}
    found: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {chain: (chain,) for chain in chain_of.values()}
    for pair in problem.pairs:
        first, second = (chain_of.get(end, (end,)) for end in (pair.collect, pair.deliver))
        if first != second:
            found.pop(second, None)
            found[first] = first, second
    return list(found.values())


def tangled(problem: Problem) -> bool:
    """Whether pairs tie more than two chains, or a chain has a visit of a group: what the core has no word for."""
    chain_of = {name: chain for chain in chains(problem) for name in chain}
    ties: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for pair in problem.pairs:
        ends = [chain_of.get(end, (end,)) for end in (pair.collect, pair.deliver)]
        if ends[0] != ends[1]:
            for chain, other in (ends, reversed(ends)):
                ties.setdefault(chain, set()).add(other)
    both_ways = {(chain_of.get(p.collect), chain_of.get(p.deliver)) for p in problem.pairs if p.collect in chain_of}
    crossed = any((b, a) in both_ways for a, b in both_ways if a != b)
    grouped = any(name in problem.group_of for name in chain_of)
    return crossed or grouped or any(len(others) > 1 for others in ties.values())


def asked_prizes(problem: Problem, served: Iterable[Visit]) -> dict[str, int | None]:
    """What leaving out costs, None = it is required: by visit, and for a group by the first of its visits."""
    prizes: dict[str, int | None] = {}
    seen: set[int] = set()
    for visit in served:
        group = problem.group_of.get(visit.id)
        if group is None:
            prizes[visit.id] = visit.prize
        elif id(group) not in seen:
            seen.add(id(group))
            prizes[visit.id] = group.prize
    return prizes


def priced(
    asked: Mapping[str, int | None], lowered: Mapping[str, int], priority: Mapping[str, int], dear: int, most: int
) -> dict[str, int]:
    """The price of leaving each out in the core: what is required costs more than any detour, one of a higher priority
    more than all of the lower ones together, as far as `most` lets them."""
    prices = dict(lowered)
    required = sorted((name for name, prize in asked.items() if prize is None), key=lambda name: priority[name])
    tiers = [list(tier) for _, tier in groupby(required, key=lambda name: priority[name])]
    price = min(most, dear + max(prices.values(), default=0))
    least = _factor(price, most, len(tiers) - 1)
    for tier in tiers:
        prices |= dict.fromkeys(tier, price)
        price = min(most, price * min(len(tier) + 1, least))
    return prices


def _factor(price: int, most: int, times: int) -> int:
    """How often over each tier may be above the one below, for all to be apart under `most`; at least twice."""
    return max(2, int((most / max(1, price)) ** (1 / times))) if times > 0 else 2


def of_units(problem: Problem, prices: Mapping[str, int]) -> dict[str, int]:
    """The prices with those of a unit's visits all at the one that leads it."""
    made = dict(prices)
    for unit in units(problem):
        names = [name for chain in unit for name in chain]
        if all(name in prices for name in names):
            made |= dict.fromkeys(names, 0)
            made[names[0]] = sum(prices[name] for name in names)
    return made


def whole_unit(unit: Sequence[Sequence[str]], names: Sequence[str]) -> bool:
    """Whether a route has all of a unit's chains, each unbroken and in their order."""
    places = [list(names).index(chain[0]) if chain[0] in names else -1 for chain in unit]
    kept = all(place >= 0 and tuple(names[place : place + len(chain)]) == tuple(chain)
               for place, chain in zip(places, unit, strict=True))  # fmt: skip
    return kept and places == sorted(places)


def kinds_of(problem: Problem) -> dict[str, int]:
    """A bit for each kind of goods that must not meet another."""
    return {kind: bit for bit, kind in enumerate(sorted({kind for two in problem.incompatible for kind in two}))}
