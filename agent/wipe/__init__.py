"""Wiping a terminal and reading back what the wipe left."""
