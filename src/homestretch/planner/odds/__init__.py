"""How likely a plan's stops are on time, where ways and services do not take what is planned: driven many times."""

from homestretch.planner.odds.asking import SAMPLES, Earlier, Odds, Out, RouteOdds, StopOdds, Weak, odds
from homestretch.planner.odds.doubt import Doubt, Spread
from homestretch.planner.odds.margin import Margin, beyond, margin_of, stretched

__all__ = [
    "SAMPLES",
    "Doubt",
    "Earlier",
    "Margin",
    "Odds",
    "Out",
    "RouteOdds",
    "Spread",
    "StopOdds",
    "Weak",
    "beyond",
    "margin_of",
    "odds",
    "stretched",
]
