"""Places: those at which somebody must look, and what is remembered of each."""
