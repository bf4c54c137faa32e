"""The texts of this module are part of all texts of their language."""

import errno
import os
from pathlib import Path

import pytest

from agent.cli.failures import failure_of
from agent.cli.progress import finding_text
from agent.cli.texts import texts_of, zh_errors, zh_system
from agent.errors import UsageFault
from agent.policy import load_policy


def test_they_are_among_all_texts():
    assert zh_system.SYSTEM_TEXTS.items() <= zh_errors.TEXTS.items()


def test_a_chinese_sentence_has_no_english_reason():
    fault = UsageFault("keys-unwritable", path="/x", why=os.strerror(errno.ENOENT))
    assert "：没有该文件或文件夹。" in failure_of(fault).what(texts_of("zh"))
    assert os.strerror(errno.ENOENT) in failure_of(fault).what(texts_of("en"))
    finding = {"code": "timestamp-unavailable", "facts": {"why": os.strerror(errno.ECONNREFUSED)}}
    assert finding_text(texts_of("zh"), finding) == "没有时间戳：连接被拒绝。"


def test_the_place_of_a_recipient_is_said_in_chinese():
    fault = failure_of(UsageFault("recipient-invalid", place="recipient 2"))
    assert fault.what(texts_of("zh")).startswith("第 2 个收件人 既不是")
    assert fault.what(texts_of("en")).startswith("recipient 2 is neither")


def test_a_missing_file_of_rules_is_named_by_the_system_s_own_words():
    with pytest.raises(UsageFault) as raised:
        load_policy(Path("nowhere.toml"))
    assert failure_of(raised.value).what(texts_of("zh")) == "无法读取规则文件 nowhere.toml：没有该文件或文件夹。"


def test_a_reason_without_a_word_is_shown_as_it_is():
    fault = UsageFault("keys-unwritable", path="/x", why="EOFError\x1b")
    assert "EOFError\\x1b" in failure_of(fault).what(texts_of("zh"))
