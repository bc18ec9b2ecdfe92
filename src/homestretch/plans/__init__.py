"""Drafts: problems asked, optimizations, revisions of a plan."""
