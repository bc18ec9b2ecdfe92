"""What every map says of where it comes from, and how deep its tiles go."""

ATTRIBUTION = "© OpenStreetMap contributors"  # Open Database License 1.0; it must always be seen
LAST_ZOOM = 14  # maps show these tiles for what is closer
