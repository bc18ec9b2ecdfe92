"""Orders: looked for, looked at, changed one by one or many at once, written by hand."""
