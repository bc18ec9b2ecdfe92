"""Who gets the goods, and the company that carries their messages."""
