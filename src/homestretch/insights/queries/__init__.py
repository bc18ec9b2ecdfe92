"""Measures and facts of a span of days, for one organization, or a merchant's part of it."""

from homestretch.insights.queries.behind import COLUMNS, KINDS, Narrow, page_of
from homestretch.insights.queries.calibration import said
from homestretch.insights.queries.facts import CSV_COLUMNS, PAGE, all_facts, facts, rows
from homestretch.insights.queries.past import past

__all__ = ["COLUMNS", "CSV_COLUMNS", "KINDS", "PAGE", "Narrow", "all_facts", "facts", "page_of", "past", "rows", "said"]
