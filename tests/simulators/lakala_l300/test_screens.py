import pytest

from protocols.words import BindingState, Key
from simulators.board.factory import facts_of
from simulators.lakala_l300.screens import MENU
from simulators.menus.english import untranslated
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from simulators.state import Blueprint
from tests.simulators.menus.behind import MERCHANT, FakeTerminal, press, type_in
from tests.simulators.rig import Rig

OWN = ListedDevice("9999990512345678", "本机", is_terminal=True)
OPERATOR_PASSWORD, SECOND_PASSWORD = "27182818", "141421"
BLUEPRINT = Blueprint("lakala-l300", 7, 40, 0)


@pytest.fixture
def terminal():
    return FakeTerminal(
        passwords={"operator.99.password": OPERATOR_PASSWORD, "restore.password": SECOND_PASSWORD},
    )


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN,), OWN, "5.8.0"))


def go_to_manage(menu):
    press(menu, Key.MENU, Key.DOWN, Key.DIGIT_8)
    return press(menu, Key.DOWN, Key.DIGIT_6)


def log_in(menu, password=OPERATOR_PASSWORD, operator="99"):
    go_to_manage(menu)
    type_in(menu, "3" + operator)
    press(menu, Key.CONFIRM)
    type_in(menu, password)
    return press(menu, Key.CONFIRM)


def go_to_second(menu):
    log_in(menu)
    return press(menu, Key.DOWN, Key.DIGIT_6)


def go_to_confirm(menu):
    go_to_second(menu)
    type_in(menu, SECOND_PASSWORD)
    return press(menu, Key.CONFIRM)


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_the_idle_screen(menu):
    screen = menu.screen()
    assert screen.lines == ("拉卡拉 L300", "欢迎使用", f"商户 {MERCHANT}", "", "", "刷卡 或 按菜单键")
    assert (screen.columns, screen.rows) == (20, 6)


def test_a_menu_of_two_pages(menu):
    first = ("功能菜单", "1.消费", "2.撤销", "3.退货", "4.预授权", "上/下键翻页")
    second = ("功能菜单", "5.余额查询", "6.结算", "7.打印", "8.其他", "上/下键翻页")
    assert press(menu, Key.MENU).lines == first
    assert press(menu, Key.DIGIT_8).lines == first, "what is not shown cannot be chosen"
    assert press(menu, Key.DOWN).lines == second
    assert press(menu, Key.DOWN).lines == second
    assert press(menu, Key.UP).lines == first
    assert press(menu, Key.DOWN, Key.DIGIT_8).lines == (
        "其他",
        "1.签到",
        "2.签退",
        "3.参数下载",
        "4.版本信息",
        "上/下键翻页",
    )
    assert press(menu, Key.DIGIT_4).lines[:2] == ("版本信息", "LKOS 5.8.0")
    assert press(menu, Key.CANCEL, Key.DOWN).lines[1:4] == ("5.电子现金", "6.管理", "")


def test_the_way_to_the_restore(menu, terminal):
    assert go_to_manage(menu).lines[:4] == ("管理", "1.操作员管理", "2.主管操作", "3.系统管理")
    assert type_in(menu, "3").lines[:3] == ("系统管理 登录", "请输入操作员号:", "_")
    assert type_in(menu, "99").lines[2] == "99_"
    asked = press(menu, Key.CONFIRM)
    assert asked.lines[:4] == ("系统管理 登录", "操作员 99 密码:", "_", "剩余次数:3")
    assert asked.masked
    assert type_in(menu, OPERATOR_PASSWORD).lines[2] == "********_"
    assert press(menu, Key.CONFIRM).lines[:2] == ("系统管理菜单", "1.商户参数")
    assert press(menu, Key.DOWN).lines[1:4] == ("5.清除交易数据", "6.恢复出厂", "7.锁定终端")
    second = type_in(menu, "6")
    assert second.lines[:4] == ("恢复出厂", "请输入第二密码:", "_", "剩余次数:3")
    assert second.masked
    type_in(menu, SECOND_PASSWORD)
    confirm = press(menu, Key.CONFIRM)
    sn, merchant = f"SN {OWN.number}", f"商户 {MERCHANT}"
    assert confirm.lines == ("确认恢复出厂?", sn, merchant, "绑定数据将被清除", "", "确认 / 取消")
    assert terminal.done == []
    done = press(menu, Key.CONFIRM)
    assert done.lines == ("恢复出厂完成", sn, "绑定数据已清除", "请在平台注销", "", "按取消键返回")
    assert terminal.done == [("unbind", OWN.number)]
    assert terminal.tried == [OPERATOR_PASSWORD, SECOND_PASSWORD]
    assert press(menu, Key.CANCEL).lines[2] == "商户 未绑定"
    assert go_to_second(menu).lines[0] == "终端未绑定商户"


def test_the_neighbour_of_the_restore_deletes_the_journal_at_once(menu, terminal):
    log_in(menu)
    press(menu, Key.DOWN)
    assert type_in(menu, "5").lines[0] == "交易数据已清除"
    assert terminal.done == ["clear"]
    assert press(menu, Key.CANCEL).lines[1] == "1.商户参数"


def test_the_confirmation_can_be_left(menu, terminal):
    go_to_confirm(menu)
    assert press(menu, Key.CANCEL).lines[0] == "系统管理菜单"
    assert terminal.done == []


@pytest.mark.parametrize("operator", ["00", "01", "98"])
def test_only_operator_99_may(menu, terminal, operator):
    go_to_manage(menu)
    type_in(menu, "3" + operator)
    assert press(menu, Key.CONFIRM).lines[0] == "操作员不存在"
    assert terminal.tried == []
    assert press(menu, Key.CANCEL).lines[0] == "管理"


def test_the_operator_number_has_two_digits(menu):
    go_to_manage(menu)
    type_in(menu, "39")
    assert press(menu, Key.CONFIRM).lines[1] == "请输入操作员号:"
    assert type_in(menu, "977").lines[2] == "99_"
    assert press(menu, Key.CLEAR).lines[2] == "9_"


@pytest.mark.parametrize("which", ["operator", "second"])
def test_i6_either_wrong_password_costs_one_of_the_same_three_attempts(menu, terminal, which):
    if which == "operator":
        wrong = log_in(menu, SECOND_PASSWORD)
    else:
        go_to_second(menu)
        type_in(menu, OPERATOR_PASSWORD)
        wrong = press(menu, Key.CONFIRM)
    assert wrong.lines[:2] == ("密码不正确", "剩余次数:2")
    assert terminal.merchant_number == MERCHANT
    assert press(menu, Key.CANCEL).lines[0] == "管理"


def test_no_attempt_left_locks(menu, terminal):
    terminal.attempts_left = 1
    assert log_in(menu, "0").lines[:2] == ("终端已锁定", "请联系收单机构")
    press(menu, Key.CANCEL)
    go_to_manage(menu)
    assert type_in(menu, "3").lines[0] == "终端已锁定"


def test_an_unsettled_batch_comes_first(menu, terminal):
    terminal.has_unsettled = True
    assert go_to_second(menu).lines[:2] == ("存在未结算交易", "请先结算")
    assert press(menu, Key.CANCEL).lines[0] == "系统管理菜单"


def test_i4_no_password_is_shown_or_remembered(menu):
    go_to_second(menu)
    for digit in SECOND_PASSWORD:
        assert digit not in "".join(type_in(menu, digit).lines).replace("剩余次数:3", "")
    press(menu, Key.CONFIRM)
    assert menu._situation.answers == {}


def test_every_word_has_its_english():
    assert untranslated(MENU) == []


def test_the_whole_terminal_unbinds_and_keeps_its_journal_for_the_wipe(tmp_path):
    rig = Rig(tmp_path, blueprint=BLUEPRINT)
    answers = facts_of(rig.model, BLUEPRINT).answers
    peer = rig.connect()
    for key in (Key.MENU, Key.DOWN, Key.DIGIT_8, Key.DOWN, Key.DIGIT_6, Key.DIGIT_3, Key.DIGIT_9, Key.DIGIT_9):
        peer.press(key)
    peer.press(Key.CONFIRM)
    peer.type(answers["operator_password"])
    for key in (Key.CONFIRM, Key.DOWN, Key.DIGIT_6):
        peer.press(key)
    peer.type(answers["second_password"])
    peer.press(Key.CONFIRM)
    assert peer.press(Key.CONFIRM).lines[0] == "恢复出厂完成"
    assert {each.state for each in rig.device.bindings()} == {BindingState.UNBOUND}
    assert [each.name for each in rig.device.bindings()][:2] == ["printer", "scanner"]
    assert rig.device._journal.view().records == 40
    assert not [event for event, _ in rig.recorded if event == "journal-cleared"]
    peer.wipe()
    assert rig.device.screen().lines[1] == "未初始化"
    rig.close()
