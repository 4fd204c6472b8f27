"""Chat models: an answer in a language model's own words, each sentence checked against the page."""
