"""Decisions of messaging: what is said when, in which words, and what was meant by an answer. Pure."""
