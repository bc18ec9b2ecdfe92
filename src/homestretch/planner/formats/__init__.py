"""Benchmark files and our JSON: text in, an `Instance` or a `Problem` out. No file is opened here."""
