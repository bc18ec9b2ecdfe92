"""Maps, to whoever looks at a page: what is in them is public, and a recipient has no session."""
