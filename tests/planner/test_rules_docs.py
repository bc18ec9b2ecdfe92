"""Each field of the model and each code of a breach stands on a page about the rules."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from homestretch.planner import Balance, Break, Costs, Goals, Group, Lock, Pair, Relation, Shift, Slots, Start, Visit
from homestretch.planner.check import Breach
from homestretch.planner.problem import RELATIONS, Stability

PAGES = Path(__file__).resolve().parents[2] / "docs" / "rules"
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in sorted(PAGES.glob("*.md")))
SAID = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"`([^`]+)`", TEXT))))
PLAIN = {"id", "name", "place", "visit", "visits", "kind", "collect", "deliver", "starts", "of", "price", "position"}
KINDS = (Visit, Shift, Pair, Lock, Group, Relation, Break, Costs, Goals, Balance, Stability, Start, Slots)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_explained(kind: type) -> None:
    named = {item.name for item in fields(kind) if item.init}  # type: ignore[arg-type]
    places = {"start_place", "end_place", "start", "end", "profile", "costs", "balance", "stability"}
    assert named - SAID - PLAIN - places == set()


def test_every_breach_is_in_the_table() -> None:
    codes = set(re.findall(r"`([a-z_]+)(?::<dimension>)?`", Breach.__doc__ or "")) - {"amount", "shift", "visit"}
    table = (PAGES / "README.md").read_text(encoding="utf-8")
    assert {code for code in codes if f"`{code}`" not in table and f"`{code}:" not in table} == set()
    assert set(RELATIONS) <= codes


def test_every_page_is_in_the_list() -> None:
    listed = set(re.findall(r"\]\(([a-z]+\.md)\)", (PAGES / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in PAGES.glob("*.md")} - {"README.md"}
