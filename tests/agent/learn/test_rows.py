"""From rows to patterns."""

from __future__ import annotations

import pytest

from agent.learn.rows import TerminalFacts, field_pattern, item_form, items_of, pattern_of

FACTS = TerminalFacts("9999990312345678", "T1-12345678", "999100058120001")


@pytest.mark.parametrize(
    ("row", "pattern"),
    [
        ("", ""),
        ("  功能菜单 ", "功能菜单"),
        ("TUSN:9999990312345678", "TUSN:{tusn}"),
        ("1.12345678 本机", "1.{tusn_last8} 本机"),
        ("机具号 T1-12345678", "机具号 {machine_number}"),
        ("商户号:999100058120001", "商户号:{merchant_number}"),
        ("剩余次数:3", "剩余次数:{attempts_left}"),
        ("2 attempts left", "2 attempts left"),
        ("Attempts left: 2", "Attempts left: {attempts_left}"),
        ("第 1/2 页", "第 {page}/{pages} 页"),
        ("金额 0.01 元", "金额 {amount} 元"),
        ("_", "{typed}_"),
        ("号码:12_", "号码:{typed}_"),
        ("HKOS 3.2.1", "HKOS 3.2.1"),
        ("12:30", None),
        ("2026-11-22", None),
        ("电话 13800138000", None),
        ("{tusn}", None),
        ("12345678 12345678", None),
    ],
)
def test_a_row_becomes_a_pattern_without_this_terminals_numbers(row: str, pattern: str | None) -> None:
    assert pattern_of(row, FACTS, masked=False) == pattern


def test_a_masked_field_hides() -> None:
    assert pattern_of("密码:***_", FACTS, masked=True) == "密码:{hidden}_"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["x", "_"], ["x", "1_"], (1, "{typed}_")),
        (["号码:      "], ["号码:1     "], (0, "号码:{typed}")),
        (["[]"], ["[7]"], (0, "[{typed}]")),
        (["12_"], ["123_"], (0, "{typed}_")),
        (["x"], ["x"], None),
        (["x", "y"], ["1", "2"], None),
        (["{"], ["{1"], None),
    ],
)
def test_a_field_is_where_typing_changes_something(
    before: list[str], after: list[str], found: tuple[int, str] | None
) -> None:
    assert field_pattern(before, after, masked=False) == found


def test_a_masked_field_is_found_by_its_stars() -> None:
    assert field_pattern(["密码:*"], ["密码:**"], masked=True) == (0, "密码:{hidden}")


def test_items_are_digits_in_their_order() -> None:
    assert item_form(["菜单", "1.查询", "2.结算"]) == "{digit}.{name}"
    assert item_form(["3、查询", "4、结算"]) == "{digit}、{name}"
    assert item_form(["1.查询"]) is None
    assert item_form(["1.查询", "7.结算"]) is None
    assert items_of(["菜单", " 2.结算"], "{digit}.{name}") == [(1, "2", "结算")]
