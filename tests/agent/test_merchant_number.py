import pytest

from agent.merchant_number import MerchantNumber, implausible_part, parts_of


def test_a_number_is_taken_apart():
    assert parts_of("999290054115112") == MerchantNumber("999", "2900", "5411", "5112")


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("999290054115112", ""),
        ("99929005411511", "form"),
        ("9992900541151120", "form"),
        ("99929005411511x", "form"),
        ("999090054115112", "region"),
        ("999990054115112", "region"),
        ("999290000015112", "category"),
    ],
)
def test_a_part_that_cannot_be_right_is_named(number, part):
    assert implausible_part(number) == part


def test_i4_the_parts_do_not_show_themselves():
    assert "5411" not in repr(parts_of("999290054115112"))
