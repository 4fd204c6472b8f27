"""From the bytes of a page to articles, sentences and passages, with exact offsets."""
