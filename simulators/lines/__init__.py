"""The lines that a simulated terminal hangs on: a TCP listener, or a pseudo-terminal."""
