"""中文：启动模拟终端的错误。Chinese: errors of starting a simulated terminal."""

from __future__ import annotations

from typing import Final

SIMULATION: Final = {
    "unknown-simulator": ("没有型号 {model} 的模拟器。", "可用型号：{known}。"),
    "unknown-fault": ("没有名为 {fault} 的故障。", "可用故障：{known}。"),
    "bad-fault-value": ("故障 {fault} 的写法不对。", "应写作 {usage}。"),
    "agents-unreadable": (
        "{path} 中没有执行端的证书。",
        "请给出含有 *.pem 的文件夹，例如执行端主目录的 trust/agents。",
    ),
    "unknown-option": ("该型号没有 {option} 这一设置。", "可用设置：{known}。"),
    "bad-address": ("{address} 不是可监听的地址。", "应写作 HOST:PORT，例如 127.0.0.1:0。"),
    "cannot-listen": ("无法监听 {address}：{why}。", "请换一个地址或端口；端口 0 表示任取空闲端口。"),
    "no-pty": ("本系统不支持伪终端。", "请用 --listen 代替 --pty。"),
    "cannot-link": ("无法建立链接 {path}：{why}。", "请选择可写文件夹中未被占用的路径。"),
    "bad-amount": ("--{option} 的值超出范围。", "应为 0 至 {highest}。"),
    "state-unusable": ("状态文件夹 {path} 无法使用：{why}。", "请选择可写的文件夹，并检查磁盘空间。"),
    "state-in-use": ("另一个进程正在模拟 {path} 中的终端。", "请先结束该进程，或换一个 --state。"),
    "state-broken": ("终端的 {file} 缺失或已损坏。", "请用空文件夹建立新终端。"),
    "state-mismatch": ("此文件夹中的终端是以另一个 {option} 建立的：{kept}。", "请不要给出该选项，或换一个 --state。"),
    "bad-end": (
        "{end} 不是线路的端点。",
        "应写作 pty:PATH、serial:PATH、listen:HOST:PORT 或 tcp://HOST:PORT。",
    ),
    "same-ends": (
        "线路两端都是 {path}。",
        "请为两端分别命名。",
    ),
    "bad-baud": (
        "--baud 的值不是线路速率。",
        "应为 {lowest} 至 {highest}；有一端为 pty 时也可写 auto。",
    ),
    "bad-impairment": (
        "--{option} 的值超出范围。",
        "应为 0 至 {highest}。",
    ),
    "bad-garbage": (
        "--garbage 的内容过长。",
        "请给出文本或随机字节数，最多 {highest} 字节。",
    ),
    "line-needs-baud": (
        "线路两端都没有可依据的速率。",
        "请给出 --baud N。",
    ),
    "cannot-open": (
        "无法打开端口 {path}：{why}。",
        "请检查名称和权限；请先启动建立该端口的程序。",
    ),
    "cannot-connect": (
        "无法连接 {address}：{why}。",
        "请检查地址；请先启动在该处监听的程序。",
    ),
    "speed-needs-pty": (
        "只有给出速率的伪终端才有速率。",
        "请同时给出 --pty PATH 和 --baud N，或不要给出 --baud 和 --highest-baud。",
    ),
}
