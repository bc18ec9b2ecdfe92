"""With what: depots, vehicles, drivers, shifts."""
