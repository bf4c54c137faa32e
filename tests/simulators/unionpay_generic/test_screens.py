import pytest

from protocols.words import BindingState, Key
from simulators.board.factory import facts_of
from simulators.menus.english import untranslated
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from simulators.state import Blueprint
from simulators.unionpay_generic.screens import MENU
from tests.simulators.menus.behind import MERCHANT, FakeTerminal, press, type_in
from tests.simulators.rig import Rig

OWN = ListedDevice("9999990612345678", "本机", is_terminal=True)
PASSWORD = "31415926"
BLUEPRINT = Blueprint("unionpay-generic", 7, 40, 0)
SUPERVISOR = "6"


@pytest.fixture
def terminal():
    return FakeTerminal(passwords={"operator.00.password": PASSWORD})


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN,), OWN, "2.6.4"))


def sign_off(menu):
    press(menu, Key.F1)
    return type_in(menu, "2")


def log_in(menu, password=PASSWORD, operator="00"):
    sign_off(menu)
    press(menu, Key.CANCEL)
    type_in(menu, SUPERVISOR + operator)
    press(menu, Key.CONFIRM)
    type_in(menu, password)
    return press(menu, Key.CONFIRM)


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_the_idle_screen(menu):
    screen = menu.screen()
    assert screen.lines == ("银联 POS", "", "欢迎使用", "商户号:", MERCHANT, "", "", "按F1进入菜单")
    assert (screen.columns, screen.rows) == (16, 8)


def test_the_supervisor_wants_everybody_signed_off(menu, terminal):
    assert press(menu, Key.F1).lines[:3] == ("交易管理", "1.签到", "2.签退")
    refused = type_in(menu, SUPERVISOR)
    assert refused.lines == ("请先签退", "操作员 01 已签到", "", "1.签退", "", "", "", "按取消键返回")
    assert terminal.signed_on
    assert type_in(menu, "1").lines[0] == "签退成功"
    assert not terminal.signed_on
    assert press(menu, Key.CANCEL).lines[0] == "交易管理"
    assert type_in(menu, SUPERVISOR).lines[:4] == ("主管登录", "", "操作员号:", "_")


def test_the_way_to_the_end(menu, terminal):
    assert sign_off(menu).lines[0] == "签退成功"
    press(menu, Key.CANCEL)
    type_in(menu, SUPERVISOR)
    assert type_in(menu, "00").lines[3] == "00_"
    asked = press(menu, Key.CONFIRM)
    assert asked.lines[:6] == ("主管登录", "操作员 00", "密码:", "_", "", "剩余 3 次")
    assert asked.masked
    assert type_in(menu, PASSWORD).lines[3] == "********_"
    assert press(menu, Key.CONFIRM).lines[:5] == (
        "主管菜单",
        "1.增加操作员",
        "2.删除操作员",
        "3.修改密码",
        "4.终端解绑",
    )
    confirm = type_in(menu, "4")
    assert confirm.lines == (
        "终端解绑", "终端序列号", OWN.number, "商户号", MERCHANT, "", "确定解绑请按确认", "返回请按取消"
    )  # fmt: skip
    assert terminal.done == []
    done = press(menu, Key.CONFIRM)
    assert done.lines == ("解绑完成", "终端序列号", OWN.number, "", "请到平台注销", "", "", "按取消键返回")
    assert terminal.done == [("unbind", OWN.number)]
    assert terminal.tried == [PASSWORD]
    assert press(menu, Key.CANCEL).lines[4] == "未绑定"


def test_what_is_not_bound_cannot_be_unbound_or_signed_on(menu, terminal):
    terminal.merchant_number = None
    log_in(menu)
    assert type_in(menu, "4").lines[0] == "本终端未绑定"
    assert press(menu, Key.CANCEL).lines[0] == "交易管理"
    assert type_in(menu, "1").lines[0] == "本终端未绑定"


def test_signing_on_and_off(menu, terminal):
    assert sign_off(menu).lines[0] == "签退成功"
    press(menu, Key.CANCEL)
    assert type_in(menu, "2").lines[0] == "操作员未签到"
    press(menu, Key.CANCEL)
    assert type_in(menu, "1").lines[0] == "签到成功"
    assert terminal.signed_on


def test_settlement_comes_before_the_supervisor(menu, terminal):
    terminal.has_unsettled = True
    sign_off(menu)
    press(menu, Key.CANCEL)
    assert type_in(menu, SUPERVISOR).lines[:2] == ("批次未结算", "请先结算")
    press(menu, Key.CANCEL)
    terminal.room = False
    assert type_in(menu, "3").lines[0] == "结算失败"
    press(menu, Key.CANCEL)
    terminal.room = True
    assert type_in(menu, "3").lines[0] == "结算完成"
    press(menu, Key.CANCEL)
    assert type_in(menu, SUPERVISOR).lines[0] == "主管登录"
    assert terminal.tried == []


def test_the_confirmation_can_be_left(menu, terminal):
    log_in(menu)
    type_in(menu, "4")
    assert press(menu, Key.CANCEL).lines[0] == "主管菜单"
    assert terminal.done == []


@pytest.mark.parametrize("operator", ["01", "99"])
def test_only_the_supervisor_may(menu, terminal, operator):
    sign_off(menu)
    press(menu, Key.CANCEL)
    type_in(menu, SUPERVISOR + operator)
    assert press(menu, Key.CONFIRM).lines[0] == "非主管操作员"
    assert terminal.tried == []
    assert press(menu, Key.CANCEL).lines[0] == "交易管理"


def test_i6_a_wrong_password_costs_one_attempt(menu, terminal):
    assert log_in(menu, "271828").lines[:2] == ("主管密码错", "剩余 2 次")
    assert terminal.merchant_number == MERCHANT
    assert press(menu, Key.CANCEL).lines[0] == "交易管理"


def test_no_attempt_left_locks(menu, terminal):
    terminal.attempts_left = 1
    assert log_in(menu, "0").lines[:2] == ("主管已锁定", "请联系收单机构")
    press(menu, Key.CANCEL, Key.F1)
    assert type_in(menu, SUPERVISOR).lines[0] == "主管已锁定"


def test_i4_no_password_is_shown_or_remembered(menu):
    log_in(menu)
    assert menu._situation.answers == {}


def test_every_word_has_its_english():
    assert untranslated(MENU) == []


def test_the_whole_terminal_unbinds_and_is_signed_on_again_after_a_start(tmp_path):
    rig = Rig(tmp_path, blueprint=BLUEPRINT)
    peer = rig.connect()
    peer.press(Key.F1)
    assert peer.type(SUPERVISOR).lines[0] == "请先签退"
    peer.type("1")
    peer.press(Key.CANCEL)
    peer.type(SUPERVISOR + "00")
    peer.press(Key.CONFIRM)
    peer.type(facts_of(rig.model, BLUEPRINT).answers["operator_password"])
    peer.press(Key.CONFIRM)
    peer.type("4")
    assert peer.press(Key.CONFIRM).lines[0] == "解绑完成"
    assert {each.state for each in rig.device.bindings()} == {BindingState.UNBOUND}
    assert [each.name for each in rig.device.bindings()][:2] == ["printer", "pin_pad"]
    peer.wipe()
    rig.close()
    again = Rig(tmp_path, blueprint=BLUEPRINT).connect()
    again.press(Key.F1)
    assert again.type(SUPERVISOR).lines[0] == "请先签退"


def test_an_unsettled_batch_can_be_settled_by_the_menu(tmp_path):
    rig = Rig(tmp_path, blueprint=Blueprint("unionpay-generic", 7, 40, 3))
    assert rig.device.status().unsettled_count == 3
    peer = rig.connect()
    peer.press(Key.F1)
    assert peer.type("3").lines[0] == "结算完成"
    assert rig.device.status().unsettled_count == 0
    rig.close()
