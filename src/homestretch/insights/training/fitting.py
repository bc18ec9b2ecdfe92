"""Trees fitted with scikit-learn, and taken out of it: what is stored and served knows nothing of the trainer.

The median is a quantile regression by gradient boosting on histograms, with native categories. What it leaves over on
days that it has not seen (folds of whole days) holds the pace of days and routes; with that estimated and taken off,
two more regressions give the 10 % and 90 % of what is the leg's or the service's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.tracking.rules.pace import Seen, evidence, paces, spreads
from homestretch.travel.rules.timing import LEAST_SPREAD, Part, Table
from homestretch.travel.rules.trees import CODES, Columns, Forest

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
MOST_NAMES = 200  # of a column, the most frequent; others are not known
LEAST_OF_NAME = 20
FOLDS = 4
LEAST_ROWS = 400
USED = {
    "learning_rate": 0.08,
    "max_iter": 90,
    "max_leaf_nodes": 16,
    "max_depth": 6,
    "min_samples_leaf": 40,
    "l2_regularization": 1.0,
    "early_stopping": False,
    "random_state": 0,
}
WILDEST = float(np.log(8))  # eight times as long or as short: a forgotten tap, no drive


class Learner:
    """Columns and rows of one table, and regressions on them."""

    def __init__(self, table: Table, categories: Sequence[str], numbers: Sequence[str]) -> None:
        rows = len(next(iter(table.values())))
        self.names = {name: _frequent(table[name]) for name in categories if name in table}
        self.numbers = [name for name in numbers if name in table and np.isfinite(table[name].astype(float)).any()]
        self.matrix = np.full((rows, len(self.names) + len(self.numbers)), np.nan)
        for column, (name, known) in enumerate(self.names.items()):
            self.matrix[:, column] = _coded(known, table[name])
        for column, name in enumerate(self.numbers, start=len(self.names)):
            self.matrix[:, column] = table[name].astype(np.float64)

    def fitted(self, y: Real, share: float, rows: npt.NDArray[np.bool_] | None = None) -> Any:
        """A regression of a quantile, on all rows or some."""
        from sklearn.ensemble import HistGradientBoostingRegressor  # type: ignore[import-untyped]
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        chosen = slice(None) if rows is None else rows
        model = HistGradientBoostingRegressor(
            loss="quantile", quantile=share, categorical_features=list(range(len(self.names))) or None, **USED
        )
        with threadpool_limits(1):
            return model.fit(self.matrix[chosen], y[chosen])

    def unseen(self, y: Real, fold: Whole) -> Real:
        """The median of each row by a model that has not seen the row's fold."""
        answer = np.empty(len(y))
        for number in np.unique(fold).tolist():
            mine = fold == number
            answer[mine] = self.fitted(y, 0.5, ~mine).predict(self.matrix[mine])
        return answer

    def taken_out(self, models: Sequence[Any]) -> tuple[Columns, Forest]:
        """The trees of regressions on the same rows, as our own."""
        mapper = models[0]._bin_mapper
        first = len(self.names)
        edges = {name: mapper.bin_thresholds_[first + n].astype(float) for n, name in enumerate(self.numbers)}
        return Columns(dict(self.names), edges), _forest(models)


def _frequent(column: npt.NDArray[np.generic]) -> tuple[str, ...]:
    names, count = np.unique(column.astype(np.str_), return_counts=True)
    kept = [n for n in np.argsort(-count, kind="stable")[:MOST_NAMES] if count[n] >= LEAST_OF_NAME and names[n]]
    return tuple(sorted(str(names[n]) for n in kept))


def _coded(known: tuple[str, ...], column: npt.NDArray[np.generic]) -> Real:
    place = {name: float(number) for number, name in enumerate(known)}
    return np.array([place.get(name, np.nan) for name in column.astype(np.str_).tolist()])


def _forest(models: Sequence[Any]) -> Forest:
    parts: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in ("feature", "left", "right", "value", "bits")}
    roots, start, depth = [], 0, 0
    for model in models:
        for (tree,) in model._predictors:
            nodes = tree.nodes
            own = np.arange(len(nodes)) + start
            leaf = nodes["is_leaf"].astype(bool)
            parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
            parts["left"].append(np.where(leaf, own, nodes["left"].astype(np.int64) + start))
            parts["right"].append(np.where(leaf, own, nodes["right"].astype(np.int64) + start))
            parts["value"].append(np.where(leaf, nodes["value"], 0.0))
            parts["bits"].append(_goes_left(nodes, tree.raw_left_cat_bitsets, _known(model)))
            roots.append(start)
            start, depth = start + len(nodes), max(depth, int(nodes["depth"].max()))
    base = np.array([float(np.ravel(model._baseline_prediction)[0]) for model in models])
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    return Forest(
        joined["feature"].astype(np.int64),
        joined["left"].astype(np.int64),
        joined["right"].astype(np.int64),
        joined["value"].astype(np.float64),
        joined["bits"].astype(np.uint8),
        np.array(roots, dtype=np.int64),
        base,
        depth,
    )


def _known(model: Any) -> list[Real]:
    """Of each column of categories, our code of each of the trainer's: it numbers only what it has met."""
    if model._preprocessor is None:
        return []
    encoder = model._preprocessor.named_transformers_["encoder"]
    return [codes[~np.isnan(codes)] for codes in encoder.categories_]


def _goes_left(nodes: Any, bitsets: npt.NDArray[np.uint32], known: list[Real]) -> npt.NDArray[np.uint8]:
    """Of each node and code, whether it goes left: bits packed, (nodes, 32)."""
    bits = np.arange(CODES)[None, :] <= nodes["bin_threshold"][:, None].astype(np.int64)
    for node in np.flatnonzero((nodes["is_categorical"] == 1) & (nodes["is_leaf"] == 0)).tolist():
        codes = known[int(nodes["feature_idx"][node])].astype(np.int64)
        words = bitsets[int(nodes["bitset_idx"][node])]
        met = np.unpackbits(words.view(np.uint8), bitorder="little")[: len(codes)].astype(bool)
        bits[node] = bool(nodes["missing_go_to_left"][node])
        bits[node, codes] = met
    bits[:, CODES - 1] = nodes["missing_go_to_left"].astype(bool)
    return np.packbits(bits, axis=1)


def fitted_part(
    table: Table, columns: tuple[Sequence[str], Sequence[str]], y: Real, route: Whole, group: Whole
) -> Part | None:
    """A part of the model from rows: their columns, `y` the logarithm of the ratio, `route` of each row, `group` of
    each route the depot's day. None where there are too few rows, or days, to tell."""
    days = np.unique(group)
    if len(y) < LEAST_ROWS or len(days) < 2 * FOLDS:
        return None
    learner = Learner(table, *columns)
    middle = learner.fitted(y, 0.5)
    left = y - learner.unseen(y, group[route] % FOLDS)
    day_sd, route_sd = spreads(left, route, group)
    own = _own(left, route, group, day_sd, route_sd)
    low, high = learner.fitted(own, 0.1), learner.fitted(own, 0.9)
    found, forest = learner.taken_out([middle, low, high])
    usual = tuple(float(np.quantile(y, share)) for share in (0.1, 0.5, 0.9))
    return Part((usual[0], usual[1], usual[2]), day_sd, route_sd, found, forest)


def _own(left: Real, route: Whole, group: Whole, day_sd: float, route_sd: float) -> Real:
    """What is left over once the pace of its day and route is taken off."""
    deviation = max(LEAST_SPREAD, float(np.median(np.abs(left - np.median(left)))) * 1.4826)
    found = evidence(Seen(route, left, np.full(len(left), deviation)), len(group), day_sd + route_sd)
    pace = paces(found, group, day_sd, route_sd)
    return left - pace.mean[route]
