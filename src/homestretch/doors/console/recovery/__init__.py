"""Proposals: what could be done about a day that went off plan, read and decided by a dispatcher."""
