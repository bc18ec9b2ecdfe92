"""Roads of a map: durations, distances and paths for van, truck, cargo bike and foot.

graph = RoadGraph.load(path)
network = Network(graph)
stops = network.snap(lats, lons, "van")
metric = network.metric("van", Conditions(hour=8))
seconds = metric.durations(stops, stops)
"""

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.metric import Metric
from homestretch.atlas.roads.network import Network
from homestretch.atlas.roads.path import Path
from homestretch.atlas.roads.values import PROFILES, UNREACHABLE, Conditions, Distances, Snap

__all__ = ["PROFILES", "UNREACHABLE", "Conditions", "Distances", "Metric", "Network", "Path", "RoadGraph", "Snap"]
