import pytest

from protocols.multitap import next_tap
from protocols.words import Key
from simulators.dianzhanggui_d20.screens import MENU
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from tests.simulators.menus.behind import MERCHANT, FakeTerminal, press, type_in

OWN = ListedDevice("9999990312345578", "本机", is_terminal=True)
PRINTER = ListedDevice("8888880387654321", "打印")
PHONE = "12000123456"
# D, 2, 0, -, then 12345578: the same key twice needs RIGHT in between.
D20 = (Key.DIGIT_3, Key.DIGIT_3, Key.DIGIT_2, Key.DIGIT_0, Key.DIGIT_1, Key.DIGIT_1, Key.RIGHT)
NUMBER = (*D20, *(Key[f"DIGIT_{digit}"] for digit in "12345"), Key.RIGHT, *(Key[f"DIGIT_{d}"] for d in "578"))


@pytest.fixture
def terminal():
    return FakeTerminal(parameters={"contact.phone": PHONE})


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN, PRINTER), OWN, "2.0.7"))


def go_to_application(menu):
    press(menu, Key.MENU)
    return type_in(menu, "312")


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_an_application_in_full(menu, terminal):
    assert menu.screen().lines[:5] == ("店掌柜 D20", "", "欢迎使用", "商户号:", MERCHANT)
    assert press(menu, Key.MENU).lines[:5] == ("功能菜单", "1.收款", "2.交易记录", "3.我的设备", "4.设置")
    assert type_in(menu, "3").lines[:3] == ("我的设备", "1.12345578 本机", "2.87654321 打印")
    assert type_in(menu, "1").lines[:5] == ("机具 12345578", "TUSN:", OWN.number, "1.设备信息", "2.解绑申请")
    assert type_in(menu, "2").lines[:3] == ("解绑申请", "请输入机具号:", "_")
    assert press(menu, *NUMBER).lines[2] == "D20-12345578_"
    assert press(menu, Key.CONFIRM).lines[:3] == ("解绑申请", "请输入手机号:", "_")
    assert type_in(menu, PHONE).lines[2] == PHONE + "_"
    confirm = press(menu, Key.CONFIRM)
    assert confirm.lines[:7] == ("确认解绑申请?", "TUSN:", OWN.number, "商户号:", MERCHANT, "", "确认 / 取消")
    assert terminal.done == []
    done = press(menu, Key.CONFIRM)
    assert done.lines[:6] == ("申请已提交", "TUSN:", OWN.number, "等待平台审核", "", "按确认键返回")
    assert terminal.done == [("submit", OWN.number)]
    press(menu, Key.CONFIRM)
    assert go_to_application(menu).lines[:2] == ("解绑审核中", "请等待平台")


def test_the_keys_of_the_engine_type_the_same(menu):
    go_to_application(menu)
    shown, open_key = "", None
    while shown != "D20-12345578":
        key = next_tap(shown, "D20-12345578", open_key)
        shown = press(menu, key).lines[2][:-1]
        open_key = None if key is Key.RIGHT else key


def test_another_machine_number_is_refused_and_one_too_short_is_not_taken(menu):
    go_to_application(menu)
    press(menu, *NUMBER[:-1])
    assert press(menu, Key.CONFIRM).lines[1] == "请输入机具号:"
    press(menu, Key.DIGIT_9, Key.CONFIRM)
    assert menu.screen().lines[0] == "机具号不符"
    assert press(menu, Key.CANCEL).lines[0] == "机具 12345578"


def test_another_phone_is_rejected(menu, terminal):
    go_to_application(menu)
    press(menu, *NUMBER, Key.CONFIRM)
    type_in(menu, "12000123450")
    assert press(menu, Key.CONFIRM).lines[:2] == ("申请被拒绝", "手机号不符")
    assert terminal.attempts_left == 3


def test_every_step_can_be_left(menu, terminal):
    go_to_application(menu)
    press(menu, *NUMBER, Key.CONFIRM)
    type_in(menu, PHONE)
    press(menu, Key.CONFIRM)
    assert press(menu, Key.CANCEL).lines[0] == "机具 12345578"
    assert press(menu, Key.CANCEL, Key.CANCEL, Key.CANCEL).lines[0] == "店掌柜 D20"
    assert terminal.done == []
    assert menu._situation.answers == {}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"has_unsettled": True}, "有未结算交易"),
        ({"merchant_number": None}, "设备未绑定"),
        ({"pending": True}, "解绑审核中"),
    ],
)
def test_what_stands_in_the_way(menu, terminal, changes, shown):
    for name, value in changes.items():
        setattr(terminal, name, value)
    assert go_to_application(menu).lines[0] == shown


def test_a_peripheral_is_no_terminal_and_the_rest_is_not_there(menu):
    press(menu, Key.MENU)
    assert type_in(menu, "322").lines[0] == "功能不可用"
    press(menu, Key.CANCEL)
    for digit in "124":
        assert type_in(menu, digit).lines[0] == "功能不可用"
        press(menu, Key.CANCEL)
    assert type_in(menu, "311").lines[1] == "型号 D20"
