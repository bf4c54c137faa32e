"""Films made up for the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.film.store import VERSION, Film, FilmHead, film_line, read_film
from agent.menu.film import FilmStep

TUSN = "9999990212345678"
HEAD = FilmHead(
    VERSION, "R20261122-TEST22", TUSN, "HAIKE-TEST", "haike-h60", "H60-B", "HKOS", "3.2.1", "H60-12345678", 16, 8
)
STEPS = (
    FilmStep(1, "idle", "F1+F4", "press", ("海科融通 H60", "", "欢迎使用")),
    FilmStep(2, "devices", "DIGIT_1", "press", ("终端管理", "设备列表", "1.12345678 本机")),
    FilmStep(3, "merchant", "<merchant_number>", "type", ("解绑", "请输入商户号:", "_")),
    FilmStep(4, "merchant", "CONFIRM", "press", ("解绑", "请输入商户号:", "×" * 15 + "_")),
    FilmStep(5, "password", "<password>", "type", ("解绑", "请输入密码:", "_"), True),
    FilmStep(6, "password", "CONFIRM", "press", ("解绑", "请输入密码:", "******_"), True, "guided"),
    FilmStep(7, "?", "", "wait", ()),
    FilmStep(8, "done", "", "done", ("解绑成功", "TUSN:", TUSN)),
)


def written(folder: Path, steps: tuple[FilmStep, ...] = STEPS, tail: bytes = b"") -> Path:
    """Write a film and return its path."""
    path = folder / "film.jsonl"
    lines = [film_line(HEAD), *(film_line(replace(step, number=at)) for at, step in enumerate(steps, 1))]
    path.write_bytes(b"".join(lines) + tail)
    return path


def film(folder: Path, steps: tuple[FilmStep, ...] = STEPS, tail: bytes = b"") -> Film:
    """Return a film as it was read from a file."""
    return read_film(written(folder, steps, tail))
