"""What makes the lakala-l300 this model: names, numbers and its menu."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.lakala_l300.screens import MENU

MODEL = BoardModel(
    name="lakala-l300",
    maker="LAKALA-TEST",
    number="05",
    label_prefix="L300-",
    hardware_version="L300-2",
    firmware_name="LKOS",
    firmware_version="5.8.0",
    menu=MENU,
    device_labels={"printer": "打印", "scanner": "扫码"},
    operator="99",
)
"""The model."""
