"""The dispatcher's pages. For now one: the running day."""
