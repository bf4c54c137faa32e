"""The workflow of a case: an explicit table of steps, each journaled before and after (design: open to close)."""
