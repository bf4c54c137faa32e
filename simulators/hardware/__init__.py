"""Parts that a terminal is built from: flash, battery-backed keys, the device's identity."""
