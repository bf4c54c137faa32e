"""What makes the ruiyinxin-r1 this model: names, numbers, its menu, and that no line reaches it."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.ruiyinxin_r1.screens import MENU

MODEL = BoardModel(
    name="ruiyinxin-r1",
    maker="RUIYINXIN-TEST",
    number="07",
    label_prefix="",
    hardware_version="R1-A",
    firmware_name="RYOS",
    firmware_version="1.4.2",
    menu=MENU,
    device_labels={"phone": "手机"},
    remote=False,
)
"""The model."""
