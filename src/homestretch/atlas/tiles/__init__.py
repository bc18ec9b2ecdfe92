"""The basemap: from an extract to tiles, their style, and reading them again."""
