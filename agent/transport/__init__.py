"""Byte pipes to a terminal: TCP, serial ports, and whatever pyserial can reach by a URL."""
