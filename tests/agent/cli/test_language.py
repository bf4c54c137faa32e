"""The language is known before anything is parsed."""

from __future__ import annotations

import pytest

from agent.cli.language import interface_language, language_of, look_ahead


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        (["--lang", "zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        (["verify", "x", "--lang=en"], {"POSRETIRE_LANG": "zh"}, "en"),
        ([], {"POSRETIRE_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ([], {"LC_ALL": "zh_CN.GB18030", "LANG": "C"}, "zh"),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "zh-TW"}, "zh"),
        (["--lang"], {}, "en"),
        (["--lang", "fr"], {}, "en"),
        (["--", "--lang", "zh"], {}, "en"),
    ],
)
def test_language(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert look_ahead(arguments, environment).language == language


def test_the_interface_decides_where_the_environment_is_silent() -> None:
    assert language_of({}, "zh_CN") == "zh"
    assert language_of({"LANG": "en_GB"}, "zh_CN") == "en"
    assert interface_language() is None or isinstance(interface_language(), str)


def test_form_and_verbosity() -> None:
    early = look_ahead(["-vv", "inspect", "x", "--json", "--verbose"], {})
    assert (early.as_json, early.verbosity) == (True, 3)
    assert not look_ahead(["export", "--", "--json"], {}).as_json
