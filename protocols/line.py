"""How the characters of a serial line look: words that profiles and the command line share."""

from __future__ import annotations

from typing import Literal

Parity = Literal["none", "even", "odd"]
"""Parity bit of each character."""

Flow = Literal["none", "xonxoff", "rtscts"]
"""Flow control: none, by the bytes XON and XOFF within the data, or by the wires RTS and CTS."""

HIGHEST_BAUD = 921_600
"""Most that a line is raised to where nothing else is known: what usual USB adapters can do."""
