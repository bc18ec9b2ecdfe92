"""Counts and learns: measures, facts. Writes nothing but its own tables."""
