import pytest

from simulators.catalog import MODELS
from simulators.menus.english import WORDS, english_words, translate, untranslated
from simulators.menus.tables import cells
from simulators.state import Blueprint
from tests.simulators.rig import model_of


@pytest.mark.parametrize("name", MODELS)
def test_every_word_of_a_model_has_an_english_one(name):
    menu = model_of(Blueprint(name, 1, 1, 0)).menu
    assert untranslated(menu) == []
    assert english_words(menu)["解绑"]


def test_the_longest_word_counts_and_the_row_ends_with_the_display():
    assert translate("2.解绑", WORDS, 16) == "2.Unbind"
    assert translate("解绑成功", WORDS, 16) == "Unbound"
    row = translate("请再次输入密码: 123456789", WORDS, 16)
    assert cells(row) <= 16
    assert row.startswith("Again Password")
