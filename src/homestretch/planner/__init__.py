"""The planner: a problem in, a plan out. No server, no I/O, no clock."""
