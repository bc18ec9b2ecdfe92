"""Files of orders: sent, mapped, checked, taken in, undone."""
