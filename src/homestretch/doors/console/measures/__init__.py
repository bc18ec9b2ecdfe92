"""Measures: what the days came to, drawn, in tables, and with the rows behind each number."""
