"""The variants and the numbers of the reference."""

from protocols.ymodem import codes
from protocols.ymodem.codes import Variant


def test_only_xmodem_goes_without_block_0() -> None:
    assert [variant for variant in Variant if not variant.batch] == [Variant.XMODEM_1K]


def test_an_abort_is_understood_by_one_that_lost_some_of_it() -> None:
    assert codes.ABORT == b"\x18" * 8


def test_a_block_at_the_slowest_line_fits_into_its_time() -> None:
    assert (codes.LONG_BLOCK + 5) * 10 / 1200 < codes.BLOCK_SECONDS
