"""Ensembles of decision trees, evaluated with NumPy alone: what was trained elsewhere serves without the trainer. Pure.

All trees of several outputs stand in one array of nodes. A column is first turned into a small code (its bin), so that
numbers, categories and what is missing are all one look into a table: the next node by (node, code).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

MISSING = 255  # the code of what is not known
CODES = 256
FEW = 400  # rows
Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees of `outputs` outputs, the same number of each, one output's after the other.

    Of each node: `feature` (a column), `left` and `right` (nodes; of a leaf itself), `value` (of a leaf), `goes_left`
    (a bit for each code, 32 bytes a node). `root` the trees' first nodes, `base` what each output begins with.
    """

    feature: Whole
    left: Whole
    right: Whole
    value: Real
    goes_left: Codes  # (nodes, 32): bits packed
    root: Whole
    base: Real
    depth: int

    @property
    def outputs(self) -> int:
        """How many values a row has."""
        return len(self.base)

    @cached_property
    def _next(self) -> npt.NDArray[np.int32]:
        bits = np.unpackbits(self.goes_left, axis=1).astype(np.bool_)
        return np.where(bits, self.left[:, None], self.right[:, None]).astype(np.int32).ravel()

    def predict(self, codes: Codes) -> Real:
        """The outputs of rows of codes, shape (outputs, rows)."""
        rows, trees = len(codes), len(self.root)
        if not trees or not rows:
            return np.repeat(self.base[:, None], rows, axis=1)
        values = self._few(codes) if rows < FEW else self._many(codes)
        return np.asarray(values.T + self.base[:, None], dtype=np.float64)

    def _few(self, codes: Codes) -> Real:
        """All trees at once: as few steps as the trees are deep."""
        node = np.broadcast_to(self.root.astype(np.int32), (len(codes), len(self.root)))
        at = np.arange(len(codes))[:, None]
        for _ in range(self.depth):
            node = self._next[node * CODES + codes[at, self.feature[node]]]
        return np.asarray(self.value[node].reshape(len(codes), self.outputs, -1).sum(axis=2))

    def _many(self, codes: Codes) -> Real:
        """Tree by tree: the table of one fits into the nearest cache, that of all does not."""
        flat, rows = np.ascontiguousarray(codes.T).ravel(), len(codes)
        at, row = (self.feature * rows).astype(np.int32), np.arange(rows, dtype=np.int32)
        sums = np.zeros((rows, self.outputs))
        each = len(self.root) // self.outputs
        for number, root in enumerate(self.root.tolist()):
            node = np.full(rows, root, dtype=np.int32)
            for _ in range(self.depth):
                node = self._next.take(node * CODES + flat.take(at.take(node) + row))
            sums[:, number // each] += self.value.take(node)
        return sums


@dataclass(frozen=True, eq=False)
class Columns:
    """How rows become codes: columns of categories first (the names of each, sorted), then of numbers (the upper edges
    of the bins of each). A name or number that is not known is `MISSING`."""

    categories: dict[str, tuple[str, ...]]
    edges: dict[str, Real]

    def codes(self, table: dict[str, npt.NDArray[np.generic]], rows: int) -> Codes:
        """Codes of a table of columns; a column that it has not is missing. Shape (rows, columns)."""
        made = np.full((rows, len(self.categories) + len(self.edges)), MISSING, dtype=np.uint8)
        for number, (name, known) in enumerate(self.categories.items()):
            if name in table and known:
                made[:, number] = _category_codes(known, table[name])
        for number, (name, edges) in enumerate(self.edges.items(), start=len(self.categories)):
            if name in table:
                given = table[name].astype(np.float64)
                code = np.searchsorted(edges, given, side="left").astype(np.uint8)
                made[:, number] = np.where(np.isnan(given), MISSING, code)
        return made


def _category_codes(known: tuple[str, ...], given: npt.NDArray[np.generic]) -> Codes:
    names = np.array(known, dtype=np.str_)
    said = given.astype(np.str_)
    place = np.minimum(np.searchsorted(names, said), len(names) - 1)
    return np.where(names[place] == said, place, MISSING).astype(np.uint8)


def checked(forest: Forest, columns: int) -> Forest:
    """The forest, if each step of it stays inside. Raises `ValueError`: what was stored is not a forest."""
    nodes = len(forest.feature)
    shapes = {len(forest.left), len(forest.right), len(forest.value), len(forest.goes_left)}
    steps = np.concatenate([forest.left, forest.right, forest.root])
    sound = (
        shapes == {nodes}
        and forest.goes_left.shape == (nodes, CODES // 8)
        and 1 <= forest.outputs <= 16
        and len(forest.root) % forest.outputs == 0
        and 0 <= forest.depth <= 64
        and (not len(steps) or (steps.min() >= 0 and steps.max() < nodes))
        and (not nodes or (forest.feature.min() >= 0 and forest.feature.max() < columns))
        and bool(np.isfinite(forest.value).all() and np.isfinite(forest.base).all())
    )
    if not sound:
        raise ValueError("the stored trees are malformed")
    return forest
