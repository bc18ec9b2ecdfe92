"""The example notebook runs from top to bottom, and says what it promises."""

import json
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "examples" / "a-day.ipynb"


def code_cells() -> list[str]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_every_cell_runs_and_the_plan_is_explained_and_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(NOTEBOOK.parent)
    names: dict[str, object] = {}
    for cell in code_cells():
        exec(compile(cell, NOTEBOOK.name, "exec"), names)
    said = capsys.readouterr().out
    assert "30 visits, 4 vans" in said
    assert "are left out" in said
    assert "Send one more van like this one." in said
    assert " could move to van " in said
    assert "put in for " in said
    assert names["Drawing"]("<svg>")._repr_svg_() == "<svg>"


def test_its_pictures_and_outputs_are_kept_in_it():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert any("image/svg+xml" in output.get("data", {}) for output in outputs)
    assert all(cell.get("execution_count") == n for n, cell in enumerate((c for c in cells if "outputs" in c), 1))
