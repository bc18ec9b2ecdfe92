"""Models of times: what was driven, trees fitted to it, days replayed, the newcomer held against the incumbent."""
