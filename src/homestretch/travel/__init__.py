"""How long it takes: the ladder of travel times, speed profiles, adopted models."""
