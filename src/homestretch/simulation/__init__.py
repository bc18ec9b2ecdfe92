"""A seeded delivery day, played against the doors over HTTP as the world would: people, phones, carriers, faults.

It imports nothing of ours but `kernel`: what it knows of the system it was told over HTTP. The demo, the load generator
and the storm are this one day with other sizes.
"""
