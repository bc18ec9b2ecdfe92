"""How a problem is kept: its JSON without the matrices, which are packed beside it, ten times smaller than text."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np

from homestretch.kernel.units import iso
from homestretch.planner import problem as planner
from homestretch.planner import wire
from homestretch.planner.odds import Margin, stretched
from homestretch.plans.models import Question
from homestretch.plans.rules import Asked, digest
from homestretch.travel.values import Answer


def packed(travel: planner.Travel) -> bytes:
    """Matrices as a compressed archive of int32 arrays: two a profile; of slots of the day their starts, each table
    that differs from the others, and which slot has which. Of coordinates these, and the pace."""
    arrays: dict[str, Any] = {}
    for name, profile in travel.profiles.items():
        if isinstance(profile, planner.Globe):
            arrays[f"globe.{name}"] = np.stack((profile.lat, profile.lon))
            arrays[f"pace.{name}"] = np.array((profile.speed_mh, profile.detour_pct), dtype=np.int64)
            continue
        slots = profile.matrices if isinstance(profile, planner.Slots) else None
        if isinstance(profile, planner.Slots):
            arrays[f"starts.{name}"] = np.array(profile.starts, dtype=np.int64)
        for part in ("durations", "distances"):
            tables = [np.asarray(getattr(matrix, part)) for matrix in slots or (profile,)]
            kept, which = _apart(tables)
            if slots:
                arrays[f"{part}_of.{name}"] = np.array(which, dtype=np.int64)
            arrays[f"{part}.{name}"] = (np.stack(kept) if slots else kept[0]).astype(np.int32)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _apart(tables: list[Any]) -> tuple[list[Any], list[int]]:
    """Each table once, and for each which of those it is."""
    kept: list[Any] = []
    which = []
    for table in tables:
        same = (n for n, known in enumerate(kept) if known is table or np.array_equal(known, table))
        number = next(same, len(kept))
        if number == len(kept):
            kept.append(table)
        which.append(number)
    return kept, which


def unpacked(data: bytes, rung: str) -> planner.Travel:
    """The matrices of `packed`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        kinds = (name.split(".", 1) for name in archive.files)
        names = [name for kind, name in kinds if kind in {"durations", "globe"}]
        return planner.Travel({name: _profile(archive, name, rung) for name in names})


def _profile(archive: Mapping[str, Any], name: str, rung: str) -> planner.Profile:
    if f"globe.{name}" in archive:
        (lat, lon), (speed, detour) = archive[f"globe.{name}"], archive[f"pace.{name}"].tolist()
        return planner.Globe(lat, lon, speed, detour, rung)
    durations, distances = archive[f"durations.{name}"], archive[f"distances.{name}"]
    if f"starts.{name}" not in archive:
        return planner.Matrix(durations, distances, rung)
    starts = tuple(int(start) for start in archive[f"starts.{name}"])
    pairs = list(zip(archive[f"durations_of.{name}"].tolist(), archive[f"distances_of.{name}"].tolist(), strict=True))
    made = {(a, b): planner.Matrix(durations[a], distances[b], rung) for a, b in dict.fromkeys(pairs)}
    return planner.Slots(starts, tuple(made[pair] for pair in pairs))


def travel_note(asked: Asked, answer: Answer, lost: Collection[str]) -> dict[str, Any]:
    """What a question keeps of where its travel times come from, and which visits no road leads to: those `off_road`,
    and those that are `lost`, for no shift can drive there and home."""
    codes = {off.point: off.code for off in answer.off_road}
    return {
        "rung": answer.rung,
        "source": answer.source,
        "as_of": iso(answer.as_of) if answer.as_of else None,
        "fell": [asdict(fell) for fell in answer.fell],
        "off_road": [
            {"visit": visit.id, "code": codes.get(visit.place, "travel.unreachable")}
            for visit in asked.visits
            if visit.place in codes or visit.id in lost
        ],
    }


def off_road(notes: Mapping[str, Any]) -> dict[str, str]:
    """Visits that no road leads to for any profile, and the code of why, from what `travel_note` kept."""
    by_profile = [{off["visit"]: off["code"] for off in note["off_road"]} for note in notes.values()]
    return {visit: code for visit, code in (by_profile or [{}])[0].items() if all(visit in one for one in by_profile)}


def question_of(problem: planner.Problem) -> tuple[dict[str, object], bytes, bytes]:
    """(JSON, matrices, SHA-256 of both), as a `Question` keeps them."""
    data, matrices = wire.problem_to_json(problem, travel=False), packed(problem.travel)
    return data, matrices, digest(json.dumps(data, sort_keys=True).encode() + matrices)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A question as it is planned: `margin` is what its times are stretched by, `service_s` what services take without
    it, by visit."""

    problem: planner.Problem
    margin: Margin | None
    service_s: Mapping[str, int]


@lru_cache(maxsize=8)
def _loaded(question_id: UUID) -> Loaded:
    row = Question.objects.get(id=question_id)
    problem = wire.problem_from_json(row.problem, travel=unpacked(bytes(row.matrices), row.rung))
    services = {visit.id: visit.service for visit in problem.visits}
    return Loaded(planned_on(problem, row), Margin(**row.margin) if row.margin else None, services)


def planned_on(problem: planner.Problem, question: Question) -> planner.Problem:
    """A question's problem on the times that it is planned on: with its margin, if it has one."""
    return stretched(problem, Margin(**question.margin)) if question.margin else problem


def loaded(question_id: UUID) -> Loaded:
    """A question: written once and never changed, so the newest few are kept in memory."""
    return _loaded(question_id)


def problem_of(question: Question) -> planner.Problem:
    """The problem of a question, on the times that it is planned on."""
    return _loaded(question.id).problem
