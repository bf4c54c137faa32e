"""The texts of this module are part of all texts of their language."""
