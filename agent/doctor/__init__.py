"""Finding out what is wrong with a line: measuring it, and what follows from the measurements."""
