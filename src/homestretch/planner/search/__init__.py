"""The search for plans, over the core in C++: what it is asked in numbers, how its answers become plans."""
