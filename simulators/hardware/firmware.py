"""The program that a terminal runs, as its boot code measures it.

It is no part of the memory map: nothing wipes it, and the line does not reach it.
"""

from __future__ import annotations

import hashlib
from functools import cache

from protocols.eat import ClaimedMeasurement

IMAGE_BYTES = 65_536
FILE = "firmware.bin"


@cache
def measure(maker: str, name: str, version: str, *, changed: bool = False) -> ClaimedMeasurement:
    """Measure the firmware of a model; every run makes the same one.

    Args:
        maker: Who made it.
        name: Name of the firmware.
        version: Its version.
        changed: Whether it was replaced by one that says the same of itself.
    """
    label = f"posretire TEST ONLY firmware {maker} {name} {version}{' changed' if changed else ''}"
    image = hashlib.shake_256(label.encode()).digest(IMAGE_BYTES)
    return ClaimedMeasurement(name, version, maker, FILE, len(image), hashlib.sha256(image).digest())
