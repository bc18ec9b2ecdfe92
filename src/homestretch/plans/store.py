"""How a problem is kept: its JSON without the matrices, which are packed beside it, ten times smaller than text."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np

from homestretch.planner import problem as planner
from homestretch.planner import wire
from homestretch.plans.models import Question
from homestretch.plans.rules import digest


def packed(travel: planner.Travel) -> bytes:
    """Matrices as a compressed archive of int32 arrays: two a profile, or two a slot of the day and its starts."""
    arrays: dict[str, Any] = {}
    for name, profile in travel.profiles.items():
        slots = profile.matrices if isinstance(profile, planner.Slots) else None
        if isinstance(profile, planner.Slots):
            arrays[f"starts.{name}"] = np.array(profile.starts, dtype=np.int64)
        for part in ("durations", "distances"):
            tables = [np.asarray(getattr(matrix, part)) for matrix in slots or (profile,)]
            arrays[f"{part}.{name}"] = (np.stack(tables) if slots else tables[0]).astype(np.int32)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def unpacked(data: bytes, rung: str) -> planner.Travel:
    """The matrices of `packed`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        names = [name.removeprefix("durations.") for name in archive.files if name.startswith("durations.")]
        return planner.Travel({name: _profile(archive, name, rung) for name in names})


def _profile(archive: Mapping[str, Any], name: str, rung: str) -> planner.Profile:
    durations, distances = archive[f"durations.{name}"], archive[f"distances.{name}"]
    if f"starts.{name}" not in archive:
        return planner.Matrix(durations, distances, rung)
    starts = tuple(int(start) for start in archive[f"starts.{name}"])
    matrices = tuple(planner.Matrix(*tables, rung) for tables in zip(durations, distances, strict=True))
    return planner.Slots(starts, matrices)


def question_of(problem: planner.Problem) -> tuple[dict[str, object], bytes, bytes]:
    """(JSON, matrices, SHA-256 of both), as a `Question` keeps them."""
    data, matrices = wire.problem_to_json(problem, travel=False), packed(problem.travel)
    return data, matrices, digest(json.dumps(data, sort_keys=True).encode() + matrices)


@lru_cache(maxsize=8)
def _loaded(question_id: UUID) -> planner.Problem:
    row = Question.objects.get(id=question_id)
    return wire.problem_from_json(row.problem, travel=unpacked(bytes(row.matrices), row.rung))


def problem_of(question: Question) -> planner.Problem:
    """The problem of a question: written once and never changed, so the newest few are kept in memory."""
    return _loaded(question.id)
