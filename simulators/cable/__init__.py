"""A line with the speed and the faults of a real one, between any two ends: the bytes take their time and suffer."""
