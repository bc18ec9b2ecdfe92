"""A merchant's own pages: the own orders are seen, added and followed, and nothing else."""
