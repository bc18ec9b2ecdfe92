"""What needs somebody, and the running day."""
