"""Maps on this machine: what an extract of OpenStreetMap was made into, and where it lies.

info = build(Path("malta.osm.pbf"), home / "maps", name="malta")
[info.name for info in installed(home / "maps") if info.covers(35.9, 14.5)]
"""

from homestretch.atlas.maps.build import build, remove
from homestretch.atlas.maps.info import MapInfo, installed
from homestretch.atlas.osm import Bounds

__all__ = ["Bounds", "MapInfo", "build", "installed", "remove"]
