"""From a question to a cited answer: retrieve, read, decide whether it is enough, quote."""
