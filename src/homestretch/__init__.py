"""Homestretch: last mile delivery management that a delivery business can own."""
