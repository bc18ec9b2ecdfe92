"""Who we are: organizations, people, roles, API keys, tracking links, devices."""
