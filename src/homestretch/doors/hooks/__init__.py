"""Callbacks from providers: what became of a message, and what people wrote back."""
