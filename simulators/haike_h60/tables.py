"""What makes the haike-h60 this model: names, numbers, options and its menu."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.haike_h60.screens import MENU

MODEL = BoardModel(
    name="haike-h60",
    maker="HAIKE-TEST",
    number="02",
    label_prefix="H60-",
    hardware_version="H60-B",
    firmware_name="HKOS",
    firmware_version="3.2.1",
    menu=MENU,
    options={"second": ("password", "code")},
)
"""The model."""
