"""Where: addresses, pins, their access notes, and the queue of places to fix."""
