"""An invented town, written as OpenStreetMap data: for the demo, for tests, for whoever has no map at hand.

    town = write_town(Path("town.osm.pbf"), seed=7)

It has a river with an island and bridges, a railway, a motorway, an old town and suburbs, houses with addresses, and
what makes routing hard: one-way streets, forbidden turns, weak bridges, low underpasses, bollards. All of it is drawn
from the seed; no place on earth looks so.
"""

from homestretch.atlas.town.town import SIZES, Address, Town, write_town

__all__ = ["SIZES", "Address", "Town", "write_town"]
