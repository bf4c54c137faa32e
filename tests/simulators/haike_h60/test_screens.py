import pytest

from protocols.words import Key
from simulators.haike_h60.screens import MENU
from simulators.menus.machine import Menu
from simulators.menus.situation import WIDEST, ListedDevice, Situation
from simulators.menus.tables import check_tables
from tests.simulators.menus.behind import CODE, MERCHANT, PASSWORD, FakeTerminal, press, type_in

OWN = ListedDevice("9999990212345678", "本机", is_terminal=True)
PRINTER = ListedDevice("8888880287654321", "打印")


@pytest.fixture
def terminal():
    return FakeTerminal()


@pytest.fixture
def menu(terminal):
    return Menu(MENU, Situation(terminal, (OWN, PRINTER), OWN, "3.2.1", {"second": "password"}))


def open_menu(menu):
    menu.press(frozenset({Key.F1, Key.F4}))
    return menu.screen()


def go_to_password(menu, merchant=MERCHANT):
    open_menu(menu)
    type_in(menu, "4212" + merchant)
    return press(menu, Key.CONFIRM)


def test_the_idle_screen_shows_the_merchant(menu):
    screen = menu.screen()
    assert screen.lines == ("海科融通 H60", "", "欢迎使用", "商户号:", MERCHANT, "", "请刷卡或按功能键", "")
    assert (screen.columns, screen.rows, screen.masked) == (16, 8, False)


def test_only_f1_and_f4_together_open_the_menu(menu):
    press(menu, Key.F1, Key.F4, Key.CONFIRM, Key.DIGIT_1)
    menu.press(frozenset({Key.F1, Key.F4, Key.F2}))
    assert menu.shown == "idle"
    assert open_menu(menu).lines[:6] == ("功能菜单", "1.签到", "2.结算", "3.交易查询", "4.系统设置", "5.打印")


def test_every_press_raises_the_serial_by_one(menu):
    serials = [menu.screen().serial]
    for keys in ({Key.F1, Key.F4}, {Key.F2}, {Key.DIGIT_4}, {Key.DIGIT_9}, {Key.F1, Key.F2}):
        menu.press(frozenset(keys))
        serials.append(menu.screen().serial)
    assert serials == list(range(1, 7))


def test_the_way_to_the_device(menu):
    open_menu(menu)
    assert type_in(menu, "4").lines[0] == "系统设置"
    assert type_in(menu, "2").lines[:4] == ("终端管理", "设备列表", "1.12345678 本机", "2.87654321 打印")
    assert type_in(menu, "1").lines[:5] == ("设备 12345678", "TUSN:", OWN.number, "1.查看", "2.解绑")
    assert type_in(menu, "1").lines[1] == "型号 H60"
    press(menu, Key.CANCEL, Key.CANCEL, Key.CANCEL, Key.CANCEL, Key.CANCEL)
    assert menu.shown == "idle"


def test_unbinding_in_full(menu, terminal):
    assert go_to_password(menu).lines[:6] == ("解绑", "请输入密码:", "_", "剩余次数:3", "", "按确认键继续")
    assert type_in(menu, PASSWORD).lines[2] == "******_"
    confirm = press(menu, Key.CONFIRM)
    assert confirm.lines[:7] == ("确认解绑?", "TUSN:", OWN.number, "商户号:", MERCHANT, "", "确认 / 取消")
    second = press(menu, Key.CONFIRM)
    assert second.lines[:4] == ("二次确认", "请再次输入密码:", "_", "剩余次数:3")
    type_in(menu, PASSWORD)
    done = press(menu, Key.CONFIRM)
    assert done.lines[:6] == ("解绑成功", "TUSN:", OWN.number, "请在平台注销", "", "按确认键返回")
    assert terminal.merchant_number is None
    assert terminal.tried == [PASSWORD, PASSWORD]
    assert press(menu, Key.CONFIRM).lines[4] == "未绑定"
    open_menu(menu)
    assert type_in(menu, "4212").lines[0] == "设备未绑定"


def test_the_merchant_number_is_shown_as_typed_and_needs_fifteen_digits(menu):
    open_menu(menu)
    screen = type_in(menu, "4212" + MERCHANT[:-1])
    assert screen.lines[:3] == ("解绑", "请输入商户号:", MERCHANT[:-1] + "_")
    assert not screen.masked
    assert press(menu, Key.CONFIRM).lines[1] == "请输入商户号:"
    assert type_in(menu, MERCHANT[-1] + "777").lines[2] == MERCHANT + "_"
    assert press(menu, Key.CLEAR, Key.CLEAR).lines[2] == MERCHANT[:-2] + "_"
    press(menu, *[Key.CLEAR] * 20)
    assert menu.screen().lines[2] == "_"


def test_a_wrong_merchant_number_costs_no_attempt(menu, terminal):
    go_to_password(menu, "9" * 15)
    type_in(menu, "000000")
    assert press(menu, Key.CONFIRM).lines[:4] == ("商户号不符", "", "", "按取消键返回")
    assert terminal.attempts_left == 3
    assert terminal.tried == []
    assert press(menu, Key.CANCEL).lines[0] == "设备 12345678"


@pytest.mark.parametrize("step", ["first", "second"])
def test_a_wrong_password_costs_one_attempt_at_either_step(menu, terminal, step):
    go_to_password(menu)
    if step == "second":
        type_in(menu, PASSWORD)
        press(menu, Key.CONFIRM, Key.CONFIRM)
    type_in(menu, "000000")
    assert press(menu, Key.CONFIRM).lines[:4] == ("密码错误", "剩余次数:2", "", "按取消键返回")
    assert terminal.merchant_number == MERCHANT
    assert press(menu, Key.CANCEL).lines[0] == "设备 12345678"


def test_no_attempt_left_locks(menu, terminal):
    terminal.attempts_left = 1
    go_to_password(menu)
    type_in(menu, "000000")
    assert press(menu, Key.CONFIRM).lines[:2] == ("密码已锁定", "请联系收单机构")
    press(menu, Key.CANCEL)
    open_menu(menu)
    assert type_in(menu, "4212").lines[0] == "密码已锁定"
    assert len(terminal.tried) == 1


def test_an_empty_password_is_not_tried(menu, terminal):
    go_to_password(menu)
    assert press(menu, Key.CONFIRM).lines[1] == "请输入密码:"
    assert terminal.tried == []


def test_an_unsettled_batch_comes_first(menu, terminal):
    terminal.has_unsettled = True
    open_menu(menu)
    assert type_in(menu, "4212").lines[:4] == ("有未结算交易", "请先结算", "", "按取消键返回")
    assert press(menu, Key.CANCEL).lines[0] == "设备 12345678"


def test_a_peripheral_cannot_be_unbound_here_and_a_place_that_is_empty_is_no_device(menu):
    open_menu(menu)
    assert type_in(menu, "42").lines[4] == ""
    assert type_in(menu, "4").lines[0] == "终端管理"
    assert type_in(menu, "2").lines[2] == PRINTER.number
    assert type_in(menu, "2").lines[0] == "功能不可用"


@pytest.mark.parametrize("digit", "35")
def test_what_this_terminal_cannot_do_says_so(menu, digit):
    open_menu(menu)
    assert type_in(menu, digit).lines[0] == "功能不可用"
    assert press(menu, Key.CANCEL).lines[0] == "功能菜单"


def test_versions(menu):
    open_menu(menu)
    assert type_in(menu, "44").lines[:2] == ("版本信息", "HKOS 3.2.1")


def test_i4_no_screen_ever_shows_a_digit_of_a_password(menu):
    go_to_password(menu)
    for number, digit in enumerate(PASSWORD, 1):
        screen = type_in(menu, digit)
        assert screen.masked
        assert screen.lines[2] == "*" * number + "_"
        assert digit not in "".join(screen.lines).replace(f"剩余次数:{3}", "")


def test_what_was_typed_is_forgotten_with_its_screen(menu):
    go_to_password(menu)
    type_in(menu, PASSWORD)
    press(menu, Key.CANCEL)
    assert type_in(menu, "2").lines[2] == "_"
    assert menu._typed is not None
    assert menu._typed.text == ""
    assert menu._situation.answers == {}


def test_a_wiped_terminal_says_so(menu, terminal):
    terminal.initialised, terminal.merchant_number = False, None
    open_menu(menu)
    serial = menu.screen().serial
    menu.show_idle()
    assert menu.screen().lines[2:5] == ("未初始化", "商户号:", "未绑定")
    assert menu.screen().serial == serial + 1
    menu.restart()
    assert menu.screen().serial == 1


def test_the_tables_are_sound():
    assert check_tables(MENU, WIDEST) == []


def test_only_passwords_and_codes_are_masked():
    fields = {name: spec.field for name, spec in MENU.screens.items() if spec.field}
    secret = {name for name, field in fields.items() if field.name in ("password", "code")}
    assert {name for name, field in fields.items() if field.masked} == secret


@pytest.fixture
def by_code(terminal):
    return Menu(MENU, Situation(terminal, (OWN, PRINTER), OWN, "3.2.1", {"second": "code"}))


def go_to_code(menu):
    go_to_password(menu)
    type_in(menu, PASSWORD)
    return press(menu, Key.CONFIRM, Key.CONFIRM)


def test_the_second_confirmation_by_code(by_code, terminal):
    assert go_to_code(by_code).lines[:5] == ("二次确认", "请输入验证码:", "_", "剩余次数:3", "已发送至手机")
    assert terminal.done == [("code", 0.0)]
    assert type_in(by_code, CODE).lines[2] == "******_"
    assert press(by_code, Key.CONFIRM).lines[0] == "解绑成功"
    assert terminal.tried == [PASSWORD]


def test_a_wrong_code_counts_and_one_that_expired_does_not(by_code, terminal):
    go_to_code(by_code)
    type_in(by_code, "000000")
    assert press(by_code, Key.CONFIRM).lines[:2] == ("验证码错误", "剩余次数:2")
    press(by_code, Key.CANCEL)
    terminal.code_expired = True
    type_in(by_code, "2" + MERCHANT)
    press(by_code, Key.CONFIRM)
    type_in(by_code, PASSWORD)
    press(by_code, Key.CONFIRM, Key.CONFIRM)
    type_in(by_code, CODE)
    assert press(by_code, Key.CONFIRM).lines[0] == "验证码已过期"
    assert terminal.merchant_number == MERCHANT


NEW = "999290058120042"


def bind(menu, first=NEW, second=NEW, password=PASSWORD):
    open_menu(menu)
    type_in(menu, "45" + first)
    press(menu, Key.CONFIRM)
    type_in(menu, second)
    press(menu, Key.CONFIRM)
    type_in(menu, password)
    return press(menu, Key.CONFIRM)


def test_binding_in_full(menu, terminal):
    terminal.merchant_number = None
    assert bind(menu).lines[:7] == ("确认绑定?", "TUSN:", OWN.number, "商户号:", NEW, "", "确认 / 取消")
    assert terminal.done == []
    assert press(menu, Key.CONFIRM).lines[:5] == ("绑定成功", "TUSN:", OWN.number, "商户号:", NEW)
    assert terminal.done == [("bind", NEW)]
    assert press(menu, Key.CONFIRM).lines[4] == NEW
    assert menu._situation.answers == {}


def test_binding_refusals(menu, terminal):
    open_menu(menu)
    assert type_in(menu, "45").lines[:2] == ("已绑定", "请先解绑")
    press(menu, Key.CANCEL, Key.CANCEL, Key.CANCEL)
    terminal.merchant_number = None
    open_menu(menu)
    type_in(menu, "45" + NEW)
    press(menu, Key.CONFIRM)
    type_in(menu, NEW[:-1] + "3")
    assert press(menu, Key.CONFIRM).lines[0] == "两次输入不符"
    press(menu, Key.CANCEL, Key.CANCEL, Key.CANCEL)
    assert bind(menu, password="000000").lines[:2] == ("密码错误", "剩余次数:2")
    assert terminal.done == []


def test_a_test_sale_and_its_void(menu, terminal):
    open_menu(menu)
    assert type_in(menu, "7").lines[0] == "无可撤销交易"
    press(menu, Key.CANCEL)
    assert type_in(menu, "61").lines[:3] == ("消费", "请输入金额(分):", "1_")
    assert press(menu, Key.CONFIRM).lines[:4] == ("确认消费?", "金额:0.01", "商户号:", MERCHANT)
    assert terminal.last_trace is None
    assert press(menu, Key.CONFIRM).lines[:3] == ("消费成功", "金额:0.01", "凭证号:000041")
    press(menu, Key.CONFIRM)
    assert type_in(menu, "7").lines[:5] == ("确认撤销?", "金额:0.01", "凭证号:000041", "商户号:", MERCHANT)
    assert press(menu, Key.CONFIRM).lines[:3] == ("撤销成功", "金额:0.01", "凭证号:000042")


@pytest.mark.parametrize(
    ("changes", "keys", "shown"),
    [
        ({"merchant_number": None}, "6", "未绑定商户"),
        ({"has_keys": False}, "6", "缺少密钥"),
        ({"signed_on": False}, "6", "请先签到"),
        ({"has_keys": False}, "1", "缺少密钥"),
        ({}, "1", "签到成功"),
        ({}, "2", "结算成功"),
        ({"room": False}, "2", "结算失败"),
    ],
)
def test_what_a_transaction_needs(menu, terminal, changes, keys, shown):
    for name, value in changes.items():
        setattr(terminal, name, value)
    open_menu(menu)
    assert type_in(menu, keys).lines[0] == shown


def test_no_more_than_a_test_is_sold(menu, terminal):
    open_menu(menu)
    type_in(menu, "6100")
    assert press(menu, Key.CONFIRM).lines[0] == "金额超限"
    press(menu, Key.CANCEL)
    type_in(menu, "61")
    terminal.room = False
    assert press(menu, Key.CONFIRM, Key.CONFIRM).lines[0] == "交易失败"
