"""Decisions about positions: what is read, when a device may be followed, what motion says, what a forecast tells."""
