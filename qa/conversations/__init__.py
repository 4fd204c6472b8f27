"""Conversations kept in a library's folder: saved, found again, judged, exported, deleted."""
