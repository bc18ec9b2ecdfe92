"""A day played in one process: the planner and recovery's own rules against what happened, or might have. No clock, no
database; `queries.past` reads days of the log as `Scene`s, which `comparing` holds against what might have been.
"""
