"""The library on disk: SQLite as the one truth, and the indexes derived from it."""
