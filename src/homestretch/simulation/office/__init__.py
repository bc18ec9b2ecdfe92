"""The people in the office: they bring the orders in, plan the day, release it and look after it. By the API."""
