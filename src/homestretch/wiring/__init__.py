"""Where the parts meet: settings, urls, asgi, subscriptions, embedded database, console script. Seen by none."""
