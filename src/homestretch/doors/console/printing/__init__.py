"""What is printed: run sheets, labels, the proof of an order."""
