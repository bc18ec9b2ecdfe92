"""Off plan, and what to do: for now the list of exceptions."""
