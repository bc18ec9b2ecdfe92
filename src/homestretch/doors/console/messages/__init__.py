"""The messages desk: what recipients wrote and nobody answered, one conversation an order."""
