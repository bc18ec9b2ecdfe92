"""Where the parts meet: settings, urls, asgi, subscriptions, the embedded database, the console script. Seen by none."""
