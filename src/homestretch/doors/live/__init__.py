"""The hot doors: positions in, events out. Plain ASGI on connections of their own, beside Django in threads."""
