from protocols.words import Key
from simulators.menus.tables import Field
from simulators.menus.typed import Typed


def test_digits_up_to_the_limit_and_back():
    typed = Typed(Field("x", 2, "next"))
    for key in (Key.CLEAR, Key.DIGIT_4, Key.UP, Key.DIGIT_2, Key.DIGIT_9):
        typed.press(key)
    assert (typed.text, typed.shown) == ("42", "42")
    typed.press(Key.CLEAR)
    assert typed.text == "4"


def test_i4_a_masked_field_shows_stars():
    typed = Typed(Field("x", 6, "next", masked=True))
    typed.press(Key.DIGIT_4)
    assert (typed.text, typed.shown) == ("4", "*")


def test_letters_come_by_tapping_again_and_the_same_key_begins_anew_after_settling():
    typed = Typed(Field("x", 4, "next", letters=True))
    for key in (Key.DIGIT_3, Key.DIGIT_3, Key.DIGIT_2, Key.RIGHT, Key.DIGIT_2, Key.DIGIT_1, Key.DIGIT_1, Key.DIGIT_5):
        typed.press(key)
    assert typed.text == "D22-"
    typed.press(Key.CLEAR)
    typed.press(Key.DIGIT_2)
    assert typed.text == "D222"
