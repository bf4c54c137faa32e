"""From a film to a menu: its screens in order, and only its keys lead on."""

import pytest

from protocols.words import Key
from simulators.film.reader import read_script
from simulators.film.script import script_tables
from simulators.menus.situation import WIDEST
from simulators.menus.tables import check_tables
from tests.simulators.film.made import STEPS, step, written


def tables(folder, steps=STEPS, deviated=lambda number, key: None, **head):
    return script_tables(read_script(written(folder, steps, **head)), deviated)


def test_each_step_is_a_screen_and_waiting_is_none(tmp_path):
    menu = tables(tmp_path)
    assert list(menu.screens) == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert menu.screens["s1"].chords == {frozenset({Key.F1, Key.F4}): "s2"}
    assert menu.screens["s2"].keys[Key.DIGIT_1] == "s3"
    faults = [fault for fault in check_tables(menu, WIDEST) if "cannot be left" not in fault]
    assert faults == []


def test_the_script_shows_its_own_numbers_in_the_place_of_the_films(tmp_path):
    menu = tables(tmp_path)
    assert menu.screens["s1"].rows[-1] == "{merchant}"
    assert menu.screens["s2"].rows[1:] == ("1.{short} 本机", "2.00000000 打印")
    assert menu.screens["s5"].rows == ("确认解绑?", "{number}", "商户号:", "{merchant}", "{{确认}}")


def test_a_field_takes_any_characters_of_the_right_number(tmp_path):
    menu = tables(tmp_path)
    field = menu.screens["s3"].field
    assert field is not None
    assert (field.limit, field.least, field.masked, field.submit) == (15, 15, False, "s4")
    assert menu.screens["s3"].rows == ("解绑", "请输入商户号:", "{entry}")
    hidden = menu.screens["s4"].field
    assert hidden is not None
    assert (hidden.limit, hidden.masked, hidden.submit) == (6, True, "s5")


def test_the_first_end_of_the_film_unbinds(tmp_path):
    menu = tables(tmp_path)
    done = menu.screens["s5"].keys[Key.CONFIRM]
    assert not isinstance(done, str)
    assert done.leads == ("s6",)
    assert all(key in menu.screens["s6"].keys for key in Key), "nothing leads on from there"


def test_a_key_that_the_film_has_not_is_told_without_the_digit(tmp_path):
    told = []
    menu = tables(tmp_path, deviated=lambda *what: told.append(what))
    for key in (Key.DIGIT_7, Key.CANCEL):
        act = menu.screens["s2"].keys[key]
        assert not isinstance(act, str)
        assert act.run(None) is None
    assert told == [(3, "DIGIT"), (3, "CANCEL")]
    assert Key.DIGIT_7 not in menu.screens["s3"].keys, "a field takes digits"


def test_a_field_with_letters_takes_letters(tmp_path):
    steps = (
        step("number", "<machine_number>", "type", "机具号:", "_"),
        step("number", "CONFIRM", "press", "机具号:", "D20-12345678_"),
        step("sent", "", "pending", "等待平台审核"),
    )
    field = tables(tmp_path, steps, label_number="D20-12345678").screens["s1"].field
    assert field is not None
    assert (field.letters, field.limit) == (True, 12)


def test_a_field_that_was_left_can_be_left(tmp_path):
    steps = (
        step("number", "<code>", "type", "验证码:", "_"),
        step("number", "CANCEL", "press", "验证码:", "_"),
        step("idle", "", "stop", "欢迎使用"),
    )
    field = tables(tmp_path, steps).screens["s1"].field
    assert field is not None
    assert (field.submit_by, field.least) == ({Key.CANCEL}, 0)


@pytest.mark.parametrize(
    ("steps", "head"),
    [
        ((step("x", "<code>", "type", "no field"), step("y", "", "done", "")), {}),
        ((step("x", "UP", "press", "12345678/90ABCDE"), step("y", "", "done", "")), {"tusn": "12345678"}),
    ],
)
def test_i10_a_film_that_makes_no_menu_is_refused(steps, head, tmp_path):
    with pytest.raises(ValueError, match="rows"):
        tables(tmp_path, steps, **head)
