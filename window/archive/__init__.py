"""The archive tab: all articles, found and read."""
