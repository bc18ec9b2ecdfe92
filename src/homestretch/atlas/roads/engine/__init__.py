"""Fastest ways through states and turns: one interface, two engines that are tested equal."""

from homestretch.atlas.roads.engine.protocol import Customized, Ends, Engine, Found

__all__ = ["Customized", "Ends", "Engine", "Found"]
