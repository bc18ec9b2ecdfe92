"""Twenty thousand rows come in by chunks: no transaction is long, and memory stays small."""

from __future__ import annotations

import json
import resource
import time
from typing import Any

import pytest

from homestretch.events import subscribe
from homestretch.events.subscribe import Every, drain
from homestretch.orders import actions
from homestretch.orders.values import ImportSettings
from tests.orders.files import again, counts, csv_of, line, receive, xlsx_of
from tests.town.organizations import an_organization
from tests.town.places import AT

ROWS = 20_000


@pytest.fixture
def everybody_listens(committed: Any) -> Any:
    """As in a running system: two drains hear of every fact."""
    before = subscribe.installed()
    subscribe.subscribe({Every: [drain("webhooks.relay"), drain("insights.digest")]})
    yield
    subscribe.subscribe(before)


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.timeout(600)
def test_twenty_thousand_rows_are_taken(everybody_listens: None, kind: str, monkeypatch: Any, capsys: Any) -> None:
    us = an_organization()
    make = {"csv": csv_of, "xlsx": xlsx_of}[kind]
    data = make([line(n, Address=f"Mill Lane {n % 4000}", Latitude=49.5 + n % 4000 / 1e4) for n in range(ROWS)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock, cpu = time.monotonic(), time.process_time()
    longest = 0.0
    take = actions.imports.take_rows

    def timed(*args: Any, **kwargs: Any) -> Any:
        nonlocal longest
        began = time.monotonic()
        taken = take(*args, **kwargs)
        longest = max(longest, time.monotonic() - began)
        return taken

    monkeypatch.setattr(actions.imports, "take_rows", timed)
    received = receive(us, data, f"orders.{kind}")
    read_s = time.monotonic() - clock
    actions.run_import(received.id, ImportSettings(), by=us, at=AT)
    _only("orders.run_import")
    run_s = time.monotonic() - clock - read_s
    assert counts(again(us, received.id)) == ("completed", ROWS, 0, 0)
    assert longest < 30
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with capsys.disabled():
        figures = {
            "kind": kind,
            "rows": ROWS,
            "read_s": read_s,
            "run_s": run_s,
            "longest_s": longest,
            "grown_kb": grown,
        }
        figures["our_cpu_s"] = time.process_time() - cpu
        print(json.dumps(figures))


def _only(name: str) -> None:
    """Run the import alone: the drains' jobs have nobody here."""
    from homestretch.events.later import known_jobs
    from tests.work import waiting

    for job, args in waiting():
        if job == name:
            known_jobs()[job](**args)
