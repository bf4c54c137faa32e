"""A film made up for the tests of the scripted terminal, by hand: simulators know nothing of the agent."""

import json
from pathlib import Path

TUSN = "9999990212345678"
HEAD = {
    "film": 1,
    "case": "R20261122-TEST22",
    "tusn": TUSN,
    "maker": "HAIKE-TEST",
    "model": "haike-h60",
    "hardware_version": "H60-B",
    "firmware_name": "HKOS",
    "firmware_version": "3.2.1",
    "label_number": "H60-12345678",
    "columns": 16,
    "rows": 8,
}


def step(screen, keys, what, *rows, masked=False):
    return {"screen": screen, "keys": keys, "what": what, "rows": list(rows), "masked": masked, "by": "remote"}


STEPS = (
    step("idle", "F1+F4", "press", "海科融通 H60", "商户号:", "×" * 15),
    step("?", "", "wait", "正在处理"),
    step("devices", "DIGIT_1", "press", "设备列表", "1.12345678 本机", "2.×××××××× 打印"),
    step("merchant", "<merchant_number>", "type", "解绑", "请输入商户号:", "_"),
    step("merchant", "CLEAR", "press", "解绑", "请输入商户号:", "×_"),
    step("merchant", "<merchant_number>", "type", "解绑", "请输入商户号:", "_"),
    step("merchant", "CONFIRM", "press", "解绑", "请输入商户号:", "×" * 15 + "_"),
    step("password", "<password>", "type", "请输入密码:", "_", "剩余次数:3", masked=True),
    step("password", "CONFIRM", "press", "请输入密码:", "******_", "剩余次数:3", masked=True),
    step("confirm", "CONFIRM", "press", "确认解绑?", TUSN, "商户号:", "×" * 15, "{确认}"),
    step("done", "", "done", "解绑成功", "TUSN:", TUSN),
)


def lines(steps=STEPS, **head):
    numbered = [{"number": number, **each} for number, each in enumerate(steps, 1)]
    return [json.dumps(each, ensure_ascii=False).encode() for each in ({**HEAD, **head}, *numbered)]


def written(folder: Path, steps=STEPS, tail=b"", **head):
    path = folder / "film.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines(steps, **head)) + tail)
    return path
