"""The reference pages, made from the code: events, refusals, measures, API, settings. A test compares them."""
