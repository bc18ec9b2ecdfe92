"""Decisions about how long it takes: the estimate without roads, slots, closures, weather, observed speeds. Pure."""
