"""Patterns of rows."""

from __future__ import annotations

import pytest

from protocols.pattern import compile_pattern, places_of


@pytest.mark.parametrize(
    ("pattern", "row", "places"),
    [
        ("功能菜单", "功能菜单", {}),
        ("剩余次数:{attempts_left}", "剩余次数:3", {"attempts_left": "3"}),
        ("{digit}.{name}", "4.系统设置", {"digit": "4", "name": "系统设置"}),
        ("{tusn_last8} 本机", "00000001 本机", {"tusn_last8": "00000001"}),
        ("{typed}_", "_", {"typed": ""}),
        ("{hidden}_", "****_", {"hidden": "****"}),
        ("确认解绑?", "确认解绑?", {}),
        ("{typed}_", "D20-1_", {"typed": "D20-1"}),
        ("金额:{amount}", "金额:0.01", {"amount": "0.01"}),
        ("{page}/{pages}", "1/2", {"page": "1", "pages": "2"}),
        ("{merchant_number}", "999100058120001", {"merchant_number": "999100058120001"}),
    ],
)
def test_a_row_matches(pattern: str, row: str, places: dict[str, str]) -> None:
    match = compile_pattern(pattern).fullmatch(row)
    assert match is not None
    assert match.groupdict() == places
    assert places_of(pattern) == places.keys()


@pytest.mark.parametrize(
    ("pattern", "row"),
    [
        ("功能菜单", "功能菜单2"),
        ("剩余次数:{attempts_left}", "剩余次数:"),
        ("剩余次数:{attempts_left}", "剩余次数:٣"),
        ("{hidden}_", "12_"),
        ("{typed}_", "密_"),
        ("{amount}", "1"),
        ("确认解绑?", "确认解"),
        ("{merchant_number}", "99910005812000"),
        ("{tusn_last8} 本机", "00000001x本机"),
    ],
)
def test_a_row_does_not_match(pattern: str, row: str) -> None:
    assert compile_pattern(pattern).fullmatch(row) is None


@pytest.mark.parametrize("pattern", ["", "{", "}", "{}", "{colour}", "{digit}{digit}", "{{digit}}", "a}b"])
def test_i10_a_wrong_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="place"):
        compile_pattern(pattern)
