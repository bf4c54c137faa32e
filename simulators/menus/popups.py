"""What comes between the screens of any menu: as data, and when it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from protocols.words import Key
from simulators.faults import POPUPS

ONE_IN = 6
FEWEST_BETWEEN = 4
NETWORK_SECONDS = 3.0


@dataclass(frozen=True)
class Popup:
    """A screen that stands over another one.

    Args:
        rows: What stands on it.
        press: The key that takes it away, or None.
        seconds: After which it goes away by itself, or None.
        ends_all: Whether the idle screen comes then, and not the screen beneath.
        accepts: Key that agrees to what nobody wanted.
    """

    rows: tuple[str, ...]
    press: Key | None = None
    seconds: float | None = None
    ends_all: bool = False
    accepts: Key | None = None


SCREENS: Mapping[str, Popup] = {
    "advertisement": Popup(
        ("优惠活动", "会员立减10元", "确认:开通", "取消:关闭"), press=Key.CANCEL, accepts=Key.CONFIRM
    ),
    "low-battery": Popup(("电量不足", "请连接电源", "", "按取消键返回"), press=Key.CANCEL),
    "paper-out": Popup(("打印机缺纸", "请装纸", "", "按清除键继续"), press=Key.CLEAR),
    "network-lost": Popup(("网络已断开", "正在重新连接"), seconds=NETWORK_SECONDS),
    "logged-off": Popup(("操作员已签退", "请重新登录", "", "按取消键返回"), press=Key.CANCEL, ends_all=True),
    "tear-off": Popup(("请撕下凭条", "", "", "按清除键继续"), press=Key.CLEAR),
}
"""Every popup by the word of the fault ``popup``."""


class Popups:
    """Draws popups: at random places of the menu, the same ones for the same seed, and with some peace in between.

    Args:
        words: Those that may come.
        seed: Makes them repeatable.
    """

    def __init__(self, words: tuple[str, ...], seed: int) -> None:
        self._words = [word for word in POPUPS if word in words]
        self._random = Random(f"popups:{seed}")
        self._since = FEWEST_BETWEEN

    def draw(self) -> str | None:
        """Return the popup that comes now, or None; asked once for each key."""
        if not self._words:
            return None
        self._since += 1
        if self._since <= FEWEST_BETWEEN or self._random.randrange(ONE_IN):
            return None
        self._since = 0
        return self._random.choice(self._words)
