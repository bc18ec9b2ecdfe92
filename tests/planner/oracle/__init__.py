"""The best plan of a small problem, by enumeration: what every search is measured against.

Shares nothing with the search, `schedule`, `cost` or `check`: it reads only the problem. Up to eight visits.
"""

from tests.planner.oracle.plans import Best, best

__all__ = ["Best", "best"]
