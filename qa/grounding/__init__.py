"""Grounding: what a language model wrote, each sentence checked against what it cites."""
