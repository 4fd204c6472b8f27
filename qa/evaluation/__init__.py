"""Measuring the whole road on questions with known answers, and learning from them."""
