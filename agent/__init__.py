"""Everything that acts on a terminal: the line, the case, the evidence and the command line."""
