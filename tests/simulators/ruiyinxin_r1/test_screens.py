import pytest

from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Refusal
from protocols.terminal import Screen
from protocols.words import BindingState, Key
from simulators.board.factory import facts_of
from simulators.menus.english import untranslated
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from simulators.ruiyinxin_r1.screens import MENU
from simulators.state import Blueprint
from tests.simulators.menus.behind import KEYS, MERCHANT, PASSWORD, FakeTerminal, press, type_in
from tests.simulators.rig import Rig

OWN = ListedDevice("9999990712345678", "本机", is_terminal=True)
BLUEPRINT = Blueprint("ruiyinxin-r1", 7, 40, 0)


@pytest.fixture
def terminal():
    return FakeTerminal()


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN,), OWN, "1.4.2"))


def go_to_machine(menu):
    press(menu, Key.HASH, Key.DOWN)
    return type_in(menu, "32")


def go_to_password(menu, number=OWN.number[-8:]):
    go_to_machine(menu)
    type_in(menu, number)
    return press(menu, Key.CONFIRM)


def enter_password(menu, password=PASSWORD):
    go_to_password(menu)
    type_in(menu, password)
    return press(menu, Key.CONFIRM)


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_four_rows(menu):
    screen = menu.screen()
    assert screen.lines == ("瑞银信 R1", "欢迎使用", MERCHANT, "按#键设置")
    assert (screen.columns, screen.rows) == (16, 4)


def test_two_items_a_page(menu):
    assert press(menu, Key.HASH).lines == ("设置", "1 蓝牙配对", "2 提示音", "上/下键翻页")
    assert type_in(menu, "3").lines[1] == "1 蓝牙配对"
    assert press(menu, Key.DOWN).lines == ("设置", "3 设备管理", "4 固件升级", "上/下键翻页")
    assert press(menu, Key.UP, Key.DIGIT_1).lines[0] == "请用手机操作"
    press(menu, Key.CANCEL, Key.DOWN, Key.DIGIT_3)
    assert menu.screen().lines == ("设备管理", "1 关于本机", "2 解绑设备", "取消键返回")
    assert type_in(menu, "1").lines == ("关于本机", "R1 RYOS 1.4.2", OWN.number, "取消键返回")


def test_the_way_to_the_end(menu, terminal):
    assert go_to_machine(menu).lines == ("机身号(8位):", "_", "", "按确认键继续")
    assert type_in(menu, OWN.number[-8:]).lines[1] == OWN.number[-8:] + "_"
    asked = press(menu, Key.CONFIRM)
    assert asked.lines == ("解绑密码:", "_", "剩余3次", "按确认键继续")
    assert asked.masked
    assert type_in(menu, PASSWORD).lines[1] == "******_"
    assert press(menu, Key.CONFIRM).lines == ("解绑此机?", OWN.number, MERCHANT, "确认 / 取消")
    assert terminal.done == []
    assert press(menu, Key.CONFIRM).lines == ("已解绑", OWN.number, "请到平台注销", "取消键返回")
    assert terminal.done == [("unbind", OWN.number)]
    assert press(menu, Key.CANCEL).lines[2] == "未绑定"
    assert go_to_machine(menu).lines[0] == "设备未绑定"


def test_another_machine_number_costs_no_attempt(menu, terminal):
    assert go_to_password(menu, "87654321").lines[0] == "机身号不符"
    assert terminal.tried == []
    assert press(menu, Key.CANCEL).lines[0] == "设备管理"
    type_in(menu, "2" + "1234567")
    assert press(menu, Key.CONFIRM).lines[0] == "机身号(8位):"


def test_i6_a_wrong_password_costs_one_attempt(menu, terminal):
    assert enter_password(menu, "000000").lines[:2] == ("密码错", "剩余2次")
    assert terminal.merchant_number == MERCHANT
    assert press(menu, Key.CANCEL).lines[0] == "设备管理"


def test_no_attempt_left_locks(menu, terminal):
    terminal.attempts_left = 1
    assert enter_password(menu, "0").lines[:2] == ("设备已锁", "请联系收单机构")
    press(menu, Key.CANCEL)
    assert go_to_machine(menu).lines[0] == "设备已锁"


def test_an_unsettled_batch_comes_first(menu, terminal):
    terminal.has_unsettled = True
    assert go_to_machine(menu).lines[:2] == ("有未结算交易", "请先结算")


def test_the_confirmation_can_be_left(menu, terminal):
    enter_password(menu)
    assert press(menu, Key.CANCEL).lines[0] == "设备管理"
    assert terminal.done == []
    assert menu._situation.answers == {}


def test_every_word_has_its_english():
    assert untranslated(MENU) == []


def test_no_line_reaches_its_screen_or_keys(tmp_path):
    rig = Rig(tmp_path, blueprint=BLUEPRINT)
    peer = rig.connect()
    assert peer.refusal(c.SCREEN_READ) is Refusal.WRONG_STATE
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(1, (Key.HASH,))) is Refusal.WRONG_STATE
    assert [each.name for each in rig.device.bindings()][:1] == ["phone"]
    assert {each.state for each in rig.device.bindings()} == {BindingState.BOUND}
    rig.close()


def test_fingers_unbind_the_whole_terminal_and_the_line_wipes_it(tmp_path):
    rig = Rig(tmp_path, blueprint=BLUEPRINT)
    facts = facts_of(rig.model, BLUEPRINT)
    peer = rig.connect()
    device = rig.device
    typed = [*facts.answers["machine_number"], Key.CONFIRM, *facts.password, Key.CONFIRM]
    for key in (Key.HASH, Key.DOWN, Key.DIGIT_3, Key.DIGIT_2, *typed):
        device.panel_press((KEYS.get(key, key),), rig.now)
    assert device.panel_screen().lines[1:3] == (facts.tusn, facts.merchant_number)
    device.panel_press((Key.CONFIRM,), rig.now)
    assert device.panel_screen().lines[0] == "已解绑"
    assert {each.state for each in device.bindings()} == {BindingState.UNBOUND}
    peer.wipe()
    assert device.panel_screen().lines[1:3] == ("未初始化", "未绑定")
    assert not [event for event in peer.events if isinstance(event, Screen)]
    rig.close()
