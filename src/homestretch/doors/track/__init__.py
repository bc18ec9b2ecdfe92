"""The recipient's page: where the order is, a note for the driver, a rating. Without JavaScript and cookies, too."""
