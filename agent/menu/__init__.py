"""The menu engine: from the screens of a profile and a goal to keys, without any input or output of its own."""
