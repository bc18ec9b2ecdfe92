"""The board: a day's plan and its routes on the road, as map, list and timeline."""
