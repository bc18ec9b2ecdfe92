"""Decisions about how long it takes: the estimate without roads, slots of the day, closures, observed speeds. Pure."""
