"""One invented town for all tests: builders with defaults, a module a slice."""
