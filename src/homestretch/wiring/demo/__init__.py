"""The demo: an installation of its own, an invented organization in it, the processes, and the simulated days."""
