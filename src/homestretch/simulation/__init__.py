"""A seeded day that acts on the doors from outside, by HTTP: phones, recipients, traffic and faults."""
