"""Software terminals: processes that behave like the real device on its line, down to what a wipe leaves behind."""
