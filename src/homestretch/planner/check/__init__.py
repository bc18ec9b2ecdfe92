"""The judge of plans. It optimizes nothing and shares no code with `schedule` or with any engine."""

from homestretch.planner.check.breach import Breach
from homestretch.planner.check.judge import check

__all__ = ["Breach", "check"]
