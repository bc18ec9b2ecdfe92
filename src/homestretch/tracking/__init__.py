"""Where, when: positions, motion, arrival, ETA."""
