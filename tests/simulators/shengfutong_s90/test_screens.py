import pytest

from protocols.words import Key
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from simulators.shengfutong_s90.screens import MENU, SOFT_KEYS
from tests.simulators.menus.behind import MERCHANT, PASSWORD, FakeTerminal, press, type_in

OWN = ListedDevice("9999990412345678", "本机", is_terminal=True)
PRINTER = ListedDevice("8888880487654321", "打印")
TO_DEVICE = (Key.F1, Key.DOWN, Key.DOWN, Key.DOWN, Key.F4, Key.F4)


@pytest.fixture
def terminal():
    return FakeTerminal()


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN, PRINTER), OWN, "7.1.4"))


def go_to_password(menu, merchant=MERCHANT):
    press(menu, *TO_DEVICE, Key.DOWN, Key.CONFIRM)
    type_in(menu, merchant)
    return press(menu, Key.F4)


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_a_highlight_moves_through_the_list_and_soft_keys_pick(menu):
    assert menu.screen().lines[9] == "F1 菜单          F4 收款"
    screen = press(menu, Key.F1)
    assert screen.lines[:3] == ("应用列表", ">收款", " 交易明细")
    assert screen.lines[9] == SOFT_KEYS
    assert press(menu, Key.DOWN, Key.DOWN, Key.DOWN).lines[4] == ">设备管理"
    assert press(menu, Key.F4).lines[:3] == ("设备管理", ">12345678 本机", " 87654321 打印")
    assert press(menu, Key.CONFIRM).lines[:5] == ("设备 12345678", "TUSN:", OWN.number, ">查看", " 解绑")
    assert press(menu, Key.F1, Key.CANCEL, Key.F1).lines[0] == "盛付通 S90"


def test_unbinding_in_full_with_a_signature(menu, terminal):
    assert go_to_password(menu).lines[:4] == ("解绑", "请输入密码:", "_", "剩余次数:3")
    screen = type_in(menu, PASSWORD)
    assert (screen.lines[2], screen.masked) == ("******_", True)
    confirm = press(menu, Key.F4)
    assert confirm.lines[:5] == ("确认解绑?", "TUSN:", OWN.number, "商户号:", MERCHANT)
    assert press(menu, Key.F4).lines[:2] == ("电子签名", "请商户签名")
    assert press(menu, Key.F4).lines[1] == "请商户签名"
    assert terminal.done == []
    assert press(menu, Key.HASH).lines[3] == "[       已签名       ]"
    assert terminal.done == [("signed",)]
    assert press(menu, Key.F4).lines[:3] == ("解绑成功", "TUSN:", OWN.number)
    assert terminal.done == [("signed",), ("unbind", OWN.number)]
    assert press(menu, Key.F4).lines[4] == "未绑定"


@pytest.mark.parametrize("back", [Key.F1, Key.CANCEL])
def test_a_signature_can_still_be_taken_back(menu, terminal, back):
    go_to_password(menu)
    type_in(menu, PASSWORD)
    press(menu, Key.F4, Key.F4, Key.HASH)
    assert press(menu, back).lines[0] == "设备 12345678"
    assert terminal.merchant_number == MERCHANT


def test_refusals(menu, terminal):
    go_to_password(menu, "9" * 15)
    type_in(menu, PASSWORD)
    assert press(menu, Key.F4).lines[0] == "商户号不符"
    press(menu, Key.F1, Key.DOWN, Key.F4)
    type_in(menu, MERCHANT)
    press(menu, Key.F4)
    type_in(menu, "000000")
    assert press(menu, Key.F4).lines[:2] == ("密码错误", "剩余次数:2")
    terminal.attempts_left = 1
    press(menu, Key.F1, Key.DOWN, Key.F4)
    type_in(menu, MERCHANT)
    press(menu, Key.F4)
    type_in(menu, "000000")
    assert press(menu, Key.F4).lines[0] == "密码已锁定"
    assert len(terminal.tried) == 2


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"has_unsettled": True}, "有未结算交易"),
        ({"merchant_number": None}, "设备未绑定"),
        ({"attempts_left": 0}, "密码已锁定"),
    ],
)
def test_what_stands_in_the_way(menu, terminal, changes, shown):
    for name, value in changes.items():
        setattr(terminal, name, value)
    assert press(menu, *TO_DEVICE, Key.DOWN, Key.F4).lines[0] == shown


def test_a_peripheral_cannot_be_unbound_and_the_rest_is_not_there(menu):
    press(menu, *TO_DEVICE[:-1], Key.DOWN, Key.F4)
    assert press(menu, Key.DOWN, Key.F4).lines[0] == "功能不可用"
    assert press(menu, Key.F1, Key.F4).lines[0] == "功能不可用"
    assert press(menu, Key.F1, *[Key.DOWN] * 9, Key.F4).lines[:3] == ("关于本机", "型号 S90", "版本 7.1.4")
