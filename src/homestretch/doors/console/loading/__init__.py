"""The loading screen at a depot: what goes into which vehicle, in which order, scanned as it goes in."""
