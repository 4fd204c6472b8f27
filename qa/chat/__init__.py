"""Chat models: an answer in a language model's own words, on this machine or behind a server."""
