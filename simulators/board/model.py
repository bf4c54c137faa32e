"""What tells one simulated model from another: a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.menus.tables import MenuTables

TEST_PREFIX = "999999"
PERIPHERAL_TEST_PREFIX = "888888"


@dataclass(frozen=True)
class BoardModel:
    """One model.

    Args:
        name: Its name, which is also its folder's among the firmware notes.
        maker: The maker's identifier, ending in ``-TEST``.
        number: Two digits that its serial numbers have behind 999999.
        label_prefix: What stands before the last eight digits of the TUSN on the label.
        hardware_version: Version of the board.
        firmware_name: Name of the firmware.
        firmware_version: Version of the firmware.
        menu: Its menu.
        device_labels: The peripherals that it is paired with, and how the device list names each.
        own_label: How the device list names the terminal itself.
        remote: Whether screen and keys are reached over the line; without, both are refused with WRONG_STATE.
        options: What it can be set up with: the values of each, the first one holds where nothing is said.
        operator: The operator whose password the menu asks for, ``00`` or ``99``.
    """

    name: str
    maker: str
    number: str
    label_prefix: str
    hardware_version: str
    firmware_name: str
    firmware_version: str
    menu: MenuTables
    device_labels: Mapping[str, str] = field(
        default_factory=lambda: {"printer": "打印", "scanner": "扫码", "pin_pad": "键盘"}
    )
    own_label: str = "本机"
    remote: bool = True
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    operator: str = "00"

    @property
    def peripherals(self) -> tuple[str, ...]:
        """Names of the devices that it is paired with."""
        return tuple(self.device_labels)

    @property
    def tusn_prefix(self) -> str:
        """What its serial numbers begin with, 8 digits."""
        return TEST_PREFIX + self.number

    @property
    def peripheral_prefix(self) -> str:
        """What the serial numbers of its peripherals begin with, 8 digits."""
        return PERIPHERAL_TEST_PREFIX + self.number

    @property
    def unknown_name(self) -> str:
        """A model of the same maker that no profile knows."""
        return self.name.partition("-")[0] + "-x99"

    def label_number(self, tusn: str) -> str:
        """Return what the label says of a terminal."""
        return self.label_prefix + tusn[-8:]
