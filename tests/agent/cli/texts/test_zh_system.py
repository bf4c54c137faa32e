"""The texts of this module are part of all texts of their language."""

import errno
import os

from agent.cli.failures import failure_of
from agent.cli.progress import finding_text
from agent.cli.texts import texts_of, zh_errors, zh_system
from agent.errors import UsageFault


def test_they_are_among_all_texts():
    assert zh_system.SYSTEM_TEXTS.items() <= zh_errors.TEXTS.items()


def test_a_chinese_sentence_has_no_english_reason():
    fault = UsageFault("keys-unwritable", path="/x", why=os.strerror(errno.ENOENT))
    assert "：没有该文件或文件夹。" in failure_of(fault).what(texts_of("zh"))
    assert os.strerror(errno.ENOENT) in failure_of(fault).what(texts_of("en"))
    finding = {"code": "timestamp-unavailable", "facts": {"why": os.strerror(errno.ECONNREFUSED)}}
    assert finding_text(texts_of("zh"), finding) == "没有时间戳：连接被拒绝。"


def test_a_reason_without_a_word_is_shown_as_it_is():
    fault = UsageFault("keys-unwritable", path="/x", why="EOFError\x1b")
    assert "EOFError\\x1b" in failure_of(fault).what(texts_of("zh"))
