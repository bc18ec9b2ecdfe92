"""Drivers and their phones: a driver taps and drives, a phone keeps what was tapped and speaks when it has a signal."""
