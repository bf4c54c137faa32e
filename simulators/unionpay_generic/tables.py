"""What makes the unionpay-generic this model: names, numbers and its menu."""

from __future__ import annotations

from simulators.board.model import BoardModel
from simulators.unionpay_generic.screens import MENU

MODEL = BoardModel(
    name="unionpay-generic",
    maker="UNIONPAY-TEST",
    number="06",
    label_prefix="UP-",
    hardware_version="UP-G1",
    firmware_name="UPOS",
    firmware_version="2.6.4",
    menu=MENU,
    device_labels={"printer": "打印", "pin_pad": "键盘"},
)
"""The model."""
