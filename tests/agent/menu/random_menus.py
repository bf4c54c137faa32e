"""Menus made at random, as a profile describes them: ways of all kinds, decoys beside them, traps on them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from protocols.menu import (
    Asked,
    Entry,
    Field,
    Goal,
    Interruption,
    Item,
    KeyEdge,
    Mark,
    Menu,
    MenuScreen,
)
from protocols.menu_check import check_menu
from protocols.words import Key

WORDS = "系统 终端 设备 参数 网络 打印 查询 版本 通讯 操作员 应用 安全 管理 维护 服务 其他 更多 工具 状态 日志"
OPENERS = [(Key.F1, Key.F4), (Key.MENU,), (Key.STAR, Key.HASH), (Key.F2,)]
FIELDS: list[tuple[Asked, bool]] = [
    ("merchant_number", False),
    ("password", True),
    ("code", False),
    ("phone", False),
    ("machine_number", False),
    ("operator_password", True),
    ("operator", False),
]
POPUPS: list[tuple[Interruption, str]] = [
    ("advertisement", "press"),
    ("tear-off", "press"),
    ("logged-off", "press"),
    ("network-lost", "wait"),
    ("low-battery", "stop"),
    ("paper-out", "stop"),
]


@dataclass(frozen=True)
class World:
    """A menu and what stands beside it that its profile does not know.

    Args:
        menu: The menu.
        order: Names of the screens on the way, the last before ``done`` being the one that commits.
        decoys: For each menu or list on the way, further rows and where they lead; names with ``?`` are in no profile.
        page: Rows of a page.
    """

    menu: Menu
    order: tuple[str, ...]
    decoys: dict[str, list[tuple[str, str]]]
    page: int


def random_world(source: Random) -> World:
    """Make a menu."""
    words = source.sample(WORDS.split(), WORDS.count(" ") + 1)
    kinds = ["menu"] * source.randint(1, 3) + ["list"] * source.randint(0, 1)
    fields = source.sample(FIELDS, source.randint(1, 3))
    order = ["idle", *(f"{kind}{at}" for at, kind in enumerate(kinds)), *(asks for asks, _ in fields), "confirm"]
    last = source.choice(["confirm", "second", "pad"])
    order += [last] if last != "confirm" else []
    follows = dict(zip(order, [*order[1:], "done"], strict=True))
    before = dict(zip(order[1:], order, strict=False))
    screens: list[MenuScreen] = []
    decoys: dict[str, list[tuple[str, str]]] = {}

    def back(name: str) -> KeyEdge:
        return KeyEdge((Key.CANCEL,), before[name])

    screens.append(MenuScreen("idle", (Mark("主画面", 0),), keys=(KeyEdge(source.choice(OPENERS), order[1]),)))
    for at, kind in enumerate(kinds):
        name = f"{kind}{at}"
        label = words.pop()
        lit = source.random() < 0.4
        decoys[name] = [
            (words[number], source.choice(["decoy", "?", "?trap", "trap", "idle"]))
            for number in range(source.randrange(7))
        ]
        if kind == "list":
            decoys[name] = [("9999990212345687 本机", "?other"), ("9999990912345678 本机", "?other")][
                : source.randint(0, 2)
            ]
        screens.append(
            MenuScreen(
                name,
                (Mark(f"{label}菜单", 0),),
                items=(Item(label, follows[name]),) if kind == "menu" else (),
                entries=(Entry("{tusn} 本机", follows[name]),) if kind == "list" else (),
                choose="highlight" if lit else "digit",
                next=(Key.DOWN,),
                previous=(Key.UP,) if source.random() < 0.5 else (),
                keys=(back(name),),
            )
        )
    for asks, masked in fields:
        place = "{hidden}" if masked else "{typed}"
        letters = asks == "machine_number" and source.random() < 0.5
        field = Field(
            asks,
            masked,
            follows[asks],
            letters="multitap" if letters else "none",
            fixed="00" if asks == "operator" else "",
        )
        screens.append(
            MenuScreen(asks, (Mark(f"请输入{asks}", 0), Mark(f"{place}_", 2)), field=field, keys=(back(asks),))
        )
    facts = (Mark("{tusn}"), Mark("{merchant_number}"))
    go = source.choice([(Key.CONFIRM,), (Key.F4,)])
    screens.append(
        MenuScreen(
            "confirm",
            (Mark("确认解绑?", 0), *facts),
            confirms="unbind",
            must_show=("tusn", "merchant_number"),
            keys=(KeyEdge(go, follows["confirm"]), back("confirm")),
            commits=last == "confirm",
        )
    )
    if last == "second":
        mark = (Mark("再次输入密码", 0), Mark("{hidden}_"))
        screens.append(
            MenuScreen(
                "second", mark, field=Field("second_password", True, "done"), commits=True, keys=(back("second"),)
            )
        )
    if last == "pad":
        screens.append(
            MenuScreen("pad", (Mark("请签名", 0),), keys=(KeyEdge((Key.HASH,), "done"), back("pad")), commits=True)
        )
    to_idle = (KeyEdge((Key.CANCEL,), "idle"),)
    screens += [
        MenuScreen(
            "done", (Mark("解绑成功", 0), Mark("{tusn}")), means=source.choice(["done", "pending"]), keys=to_idle
        ),
        MenuScreen("wrong", (Mark("密码错误", 0), Mark("剩余{attempts_left}次")), means="wrong-password", keys=to_idle),
        MenuScreen("decoy", (Mark("没有此功能", 0),), keys=(KeyEdge((Key.CANCEL,), order[1]),)),
    ]
    goals = [Goal("unbind", "done")]
    if source.random() < 0.5:
        screens.append(MenuScreen("trap", (Mark("确认清除?", 0),), keys=to_idle))
    else:
        goals.append(Goal("bind", "bound"))
        screens += [
            MenuScreen(
                "trap",
                (Mark("确认绑定?", 0), *facts),
                confirms="bind",
                must_show=("tusn", "merchant_number"),
                commits=True,
                keys=(KeyEdge((Key.CONFIRM,), "bound"), *to_idle),
            ),
            MenuScreen("bound", (Mark("绑定成功", 0),), means="done", keys=to_idle),
        ]
    for what, answer in POPUPS:
        press = source.choice([(Key.CANCEL,), (Key.CONFIRM,), (Key.F3,)]) if answer == "press" else ()
        screens.append(
            MenuScreen(what, (Mark(f"提示{what}", 0),), interrupts=what, answer=answer, press=press)  # type: ignore[arg-type]
        )
    menu = Menu(20, 8, "{digit}.{name}", 5, "assumed", tuple(screens), tuple(goals), highlight=">{name}")
    check_menu(menu)
    return World(menu, tuple(order), decoys, source.randint(2, 5))
