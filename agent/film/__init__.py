"""The film of a case: its screens and keys in order, masked, kept, shown and turned into a page."""
