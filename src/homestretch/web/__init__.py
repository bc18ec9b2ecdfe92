"""What HTTP doors share: who asks, refusals as problems, keys, cursors, versions, limits, headers."""
