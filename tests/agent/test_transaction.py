import pytest

from agent.transaction import masked_account


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("4111111111111111", "411111******1111"),
        ("378282246310005", "378282*****0005"),
        ("6217990000000000003", "621799*********0003"),
        ("", ""),
        ("123456789012", "************"),
    ],
)
def test_i4_a_card_number_shows_bin_and_last_four_at_most(digits, shown):
    assert masked_account(digits) == shown
