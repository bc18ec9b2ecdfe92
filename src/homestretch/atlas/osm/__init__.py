"""Reading OpenStreetMap data: is the file whole, what does it cover, which side do they drive on; and its objects."""

from homestretch.atlas.osm.extract import Bounds, Extract, Line, line_of, open_extract
from homestretch.atlas.osm.lands import drives_left
from homestretch.atlas.osm.text import Ways, read_text

__all__ = ["Bounds", "Extract", "Line", "Ways", "drives_left", "line_of", "open_extract", "read_text"]
