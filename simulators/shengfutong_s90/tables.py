"""What makes the shengfutong-s90 this model: names, numbers and its menu."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.shengfutong_s90.screens import MENU

MODEL = BoardModel(
    name="shengfutong-s90",
    maker="SHENGFUTONG-TEST",
    number="04",
    label_prefix="S90-",
    hardware_version="S90-2",
    firmware_name="SFT-Android",
    firmware_version="7.1.4",
    menu=MENU,
)
"""The model."""
