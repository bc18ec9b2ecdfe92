"""Routes of a plan kept ready: what one more visit would do to them, priced without asking a solver."""
