"""The table of subscriptions names only consumers that exist, and every consumer that exists is named."""

from __future__ import annotations

from homestretch.events.later import known_jobs
from homestretch.events.subscribe import consumers, drains
from homestretch.wiring.subscriptions import SUBSCRIPTIONS


def test_every_name_in_the_table_is_a_declared_consumer_or_drain() -> None:
    for fact, listeners in SUBSCRIPTIONS.items():
        for listener in listeners:
            declared = drains() if listener.kind == "drain" else consumers()
            assert listener.name in declared, (fact, listener)


def test_every_declared_consumer_listens_to_something() -> None:
    named = {listener.name for listeners in SUBSCRIPTIONS.values() for listener in listeners}
    ours = {name for name in [*consumers(), *drains()] if not name.startswith("test.")}
    assert ours == named


def test_every_consumer_has_its_job() -> None:
    assert set(consumers()) <= set(known_jobs())
