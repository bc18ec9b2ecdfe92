"""The doctor finds what is broken, names it, and names nothing else."""

from __future__ import annotations

from tests.wiring.doctor.conftest import Patient


def test_a_town_that_is_well_holds_every_invariant(patient: Patient) -> None:
    report = patient.examined()
    assert report.findings == []
    assert report.invariants == {f"I{number}": "held" for number in range(1, 17)}
