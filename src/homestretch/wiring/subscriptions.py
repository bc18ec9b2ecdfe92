"""Who hears of what: the whole nervous system, on one screen. Names as text; a test proves that each exists."""

from __future__ import annotations

from homestretch.events.subscribe import Every, Subscription
from homestretch.kernel.facts import Fact

SUBSCRIPTIONS: dict[type[Fact] | type[Every], list[Subscription]] = {}
