"""The atlas: a map file in; road graph, matrix, path, match, addresses, tiles out. No database, no network."""
