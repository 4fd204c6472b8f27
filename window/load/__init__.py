"""Load: many visitors at once before the window (`python -m window.load`)."""
