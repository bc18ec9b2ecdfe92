"""Every way in: who is asking, in which words, and what they may see. Thin; no door imports another."""
