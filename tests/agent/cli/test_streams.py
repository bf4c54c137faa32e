"""Streams take any text, and a reader that goes away ends nothing."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from agent.cli.streams import Output, make_universal, standard_streams


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "cp1252", "ascii", "utf-8"])
def test_any_console_takes_any_text(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    make_universal(stream)
    stream.write("✓ 解绑成功 \udc80")
    stream.flush()
    assert raw.getvalue() == "✓ 解绑成功 ".encode() + b"\\udc80"


class Failing(io.StringIO):
    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self.fault = fault
        self.writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        raise self.fault


def test_a_closed_pipe_silences_and_is_no_fault() -> None:
    stream = Failing(BrokenPipeError(errno.EPIPE, "gone"))
    output = Output(stream)
    assert output.write("a") == 1
    assert output.write("b") == 1
    assert stream.writes == 1
    assert output.fault is None
    assert not output.isatty()


def test_a_full_disk_is_kept_as_the_fault() -> None:
    output = Output(Failing(OSError(errno.ENOSPC, "full")))
    output.write("a")
    assert output.fault is not None
    assert output.fault.errno == errno.ENOSPC


def test_a_real_closed_pipe_leaves_nothing_to_complain_about_at_the_end() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        output = Output(stream)
        output.write("x" * 100)
        output.write("y")
        assert output.fileno() == stream.fileno()


def test_file_output(tmp_path: Path) -> None:
    with (tmp_path / "page").open("w", encoding="utf-8") as stream:
        output = Output(stream)
        output.write("页")
        output.flush()
        assert output.encoding == "utf-8"
    assert (tmp_path / "page").read_text(encoding="utf-8") == "页"


def test_standard_streams() -> None:
    out, err = standard_streams()
    assert out is not err
