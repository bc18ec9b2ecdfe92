"""Benchmarks: `python -m bench.NAME [--json]`; a table for people, one JSON object last."""
