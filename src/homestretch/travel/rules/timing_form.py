"""A model of times as bytes and back: a zip of plain NumPy arrays and one JSON text. Nothing in it is ever run. Pure.

`numpy.load` is told to take no pickles; names, shapes and each step of the trees are checked, sizes are bounded.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.kernel.refusal import Refusal
from homestretch.travel.rules.timing import Corrected, Part, Times
from homestretch.travel.rules.trees import Columns, Forest, checked

FORM = 1
MOST_BYTES = 60_000_000
_ARRAYS = ("feature", "left", "right", "value", "goes_left", "root", "base")
Arrays = dict[str, npt.NDArray[Any]]


def packed(times: Times) -> bytes:
    """The model as bytes."""
    arrays: Arrays = {}
    said = {
        "form": FORM,
        "legs": _part("legs", times.legs, arrays),
        "services": _part("services", times.services, arrays),
        "corrected": {str(h): [c.shift, c.low, c.high] for h, c in times.corrected.items()},
        "places": sorted(times.places),
    }
    known = [times.places[name] for name in sorted(times.places)]
    arrays["places"] = np.array(known, dtype=np.float64).reshape(-1, 2)
    arrays["said"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpacked(data: bytes, version: int = 0) -> Times:
    """The model again. Refuses `times.model_malformed`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as entries:
            if sum(entry.file_size for entry in entries.infolist()) > MOST_BYTES:
                raise ValueError("it is too large")
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays: Arrays = {name: archive[name] for name in archive.files}
        return _times(json.loads(arrays["said"].tobytes()), arrays, version)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise Refusal(
            "times.model_malformed",
            f"the stored model of times can't be read: {error}",
            remedy="train anew (`homestretch models train`), or go back to an earlier version",
        ) from error


def _part(name: str, part: Part, arrays: Arrays) -> dict[str, Any]:
    said: dict[str, Any] = {"usual": list(part.usual), "day_sd": part.day_sd, "route_sd": part.route_sd}
    if part.forest is None or part.columns is None:
        return said
    for array in _ARRAYS:
        arrays[f"{name}.{array}"] = _smallest(getattr(part.forest, array))
    edges = {column: [float(edge) for edge in row] for column, row in part.columns.edges.items()}
    categories = {column: list(names) for column, names in part.columns.categories.items()}
    return {**said, "depth": part.forest.depth, "categories": categories, "edges": edges}


def _smallest(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.astype(np.int32) if array.dtype == np.int64 else array


def _times(said: dict[str, Any], arrays: Arrays, version: int) -> Times:
    if said["form"] != FORM:
        raise ValueError(f"it has the form {said['form']}, this version reads {FORM}")
    corrected = {int(h): Corrected(*map(float, row)) for h, row in said["corrected"].items()}
    known = zip(said["places"], arrays["places"].tolist(), strict=True)
    places = {str(name): (float(mean), int(count)) for name, (mean, count) in known}
    legs, services = _read_part("legs", said["legs"], arrays), _read_part("services", said["services"], arrays)
    return Times(legs, services, corrected, places, version)


def _read_part(name: str, said: dict[str, Any], arrays: Arrays) -> Part:
    low, middle, high = map(float, said["usual"])
    usual, day_sd, route_sd = (low, middle, high), float(said["day_sd"]), float(said["route_sd"])
    if "depth" not in said:
        return Part(usual, day_sd, route_sd)
    columns = Columns(
        {column: tuple(map(str, names)) for column, names in said["categories"].items()},
        {column: np.array(edges, dtype=np.float64) for column, edges in said["edges"].items()},
    )
    feature, left, right, value, goes_left, root, base = (arrays[f"{name}.{array}"] for array in _ARRAYS)
    forest = Forest(
        feature.astype(np.int64),
        left.astype(np.int64),
        right.astype(np.int64),
        value.astype(np.float64),
        goes_left.astype(np.uint8),
        root.astype(np.int64),
        base.astype(np.float64),
        int(said["depth"]),
    )
    if forest.outputs != 3:
        raise ValueError("it has not three outputs")
    return Part(usual, day_sd, route_sd, columns, checked(forest, len(columns.categories) + len(columns.edges)))
