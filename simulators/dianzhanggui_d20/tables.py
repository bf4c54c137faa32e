"""What makes the dianzhanggui-d20 this model: names, numbers and its menu."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.dianzhanggui_d20.screens import LABEL_PREFIX, MENU

MODEL = BoardModel(
    name="dianzhanggui-d20",
    maker="DIANZHANGGUI-TEST",
    number="03",
    label_prefix=LABEL_PREFIX,
    hardware_version="D20-A",
    firmware_name="DZGOS",
    firmware_version="2.0.7",
    menu=MENU,
)
"""The model."""
