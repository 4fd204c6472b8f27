"""Reading the sources: the articles that an answer cites, with the very words marked."""
