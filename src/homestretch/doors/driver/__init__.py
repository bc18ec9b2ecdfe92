"""The driver's phone: the outbox comes in, the route sheet goes out, pictures follow."""
