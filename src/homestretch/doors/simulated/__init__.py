"""The door of a simulation: the clock, and what the fake providers were given. Absent unless the clock is simulated."""
