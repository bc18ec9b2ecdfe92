"""All that is told to programs: endpoints, deliveries, replay."""
