"""Routes on the road, their stops, proof."""
