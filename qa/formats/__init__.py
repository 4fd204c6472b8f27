"""Formats: the bytes of a file → the text that is stored and cited.

`reading` is the door; it tells by content what a file is. Knows nothing of articles or libraries.
"""
