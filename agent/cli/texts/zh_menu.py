"""中文：终端菜单的错误。Chinese: what the terminal's menu can end with."""

from __future__ import annotations

from typing import Final

MENU: Final = {
    "menu-missing": (
        "型号 {model} 的档案没有解绑菜单。",
        "请在终端上手工解绑，然后继续。",
    ),
    "password-form": (
        "密码必须是数字。",
        "请输入该终端的解绑密码。",
    ),
    "password-locked": (
        "解绑密码已锁定。",
        "请联系收单机构解锁。",
    ),
    "password-attempts-too-few": (
        "密码只剩 {attempts_left} 次机会；posretire 不会使用最后一次。",
        "请让收单机构重置次数，或自行在终端上输入。",
    ),
    "wrong-password": (
        "终端提示密码错误，剩余次数：{attempts_left}。",
        "请核对密码后再试。没有进行其他尝试。",
    ),
    "wrong-merchant-number": (
        "终端提示商户号不符。",
        "请核对商户号，并确认是这台终端。",
    ),
    "unbind-not-done": (
        "终端没有解绑，当前画面：{screen}。",
        "请查看终端屏幕后重新开始。",
    ),
    "unbind-outcome-unknown": (
        "最后的确认已发出，但不知道终端是否已解绑。",
        "请查看终端是否仍显示商户号，然后重新退役（只解绑仍绑定的部分）。",
    ),
    "menu-unknown-screen": (
        "终端显示了档案中没有的画面；未在其上按键：{rows}。",
        "请让终端回到主画面后重试；教会 posretire 这些画面：posretire profiles learn TARGET。",
    ),
    "menu-in-use": (
        "终端停留在解绑过程中（{screen}）。",
        "请让终端回到主画面后重试。",
    ),
    "menu-no-reaction": (
        "终端在画面 {screen} 上对按键没有反应。",
        "请查看终端后重试。",
    ),
    "menu-other-terminal": (
        "画面 {screen} 显示的终端或商户与本案不符；未确认。",
        "请检查连接的是哪台终端。",
    ),
    "menu-terminal-not-listed": (
        "终端的设备列表中没有本机，或出现两次。",
        "请查看终端的设备列表。",
    ),
    "menu-item-missing": (
        "画面 {screen} 上没有菜单项 {item}，或不止一个。",
        "固件可能比档案新。",
    ),
    "menu-no-way": (
        "从画面 {screen} 无法到达解绑。",
        "请让终端回到主画面后重试。",
    ),
    "menu-too-many-steps": (
        "走了 {steps} 步仍未完成菜单。",
        "请查看终端；固件可能比档案新。",
    ),
    "menu-unconfirmed": (
        "未经确认画面就出现了 {screen}。",
        "请让终端回到主画面后重试。",
    ),
    "menu-asked-again": (
        "终端在 {screen} 再次要求输入；没有重复输入。",
        "请核对商户号和密码，并查看终端。",
    ),
    "terminal-not-bound": (
        "终端提示未绑定。",
        "无需解绑；请检查连接的是哪台终端。",
    ),
    "wrong-password-bare": (
        "终端提示密码错误。",
        "请核对密码后再试。没有进行其他尝试。",
    ),
    "answer-missing": (
        "终端要求输入 {asked}，但无人能提供。",
        "请事先给出，或在可以询问您的地方运行 posretire。",
    ),
    "answer-form": (
        "为 {asked} 给出的内容无法输入。",
        "只能是数字；机器号还可以有 A 到 Z 和 -。",
    ),
    "menu-guided-only": (
        "型号 {model} 不接受线路上的按键。",
        "请使用 --guided：posretire 会告诉您按哪些键。",
    ),
    "menu-goal-missing": (
        "型号 {model} 的档案没有 {goal} 的菜单。",
        "请在终端上手工完成。",
    ),
    "menu-outcome-unknown": (
        "{goal} 的最后确认已发出，但结果未知（{screen}）。",
        "请先查看终端，再决定是否重试。",
    ),
    "menu-not-done": (
        "终端没有完成 {goal}，当前画面：{screen}。",
        "请查看终端屏幕后重新开始。",
    ),
    "menu-other-merchant": (
        "画面 {screen} 显示的是另一商户的商户号；未确认。",
        "请核对本案的商户号，并确认是这台终端。",
    ),
    "menu-low-battery": (
        "终端电量不足；没有继续操作菜单。",
        "请充电或接通电源后重试。",
    ),
    "menu-paper-out": (
        "终端缺纸。",
        "请装纸后重试。",
    ),
    "menu-network-lost": (
        "终端断网，且未恢复。",
        "请恢复网络后重试。",
    ),
    "menu-interrupted": (
        "终端弹出的画面没有消失（{screen}）。",
        "请在终端上处理后重试。",
    ),
    "menu-logged-off": (
        "终端反复退出操作员登录。",
        "请在终端上登录后重试。",
    ),
    "wrong-code": (
        "终端提示验证码错误。",
        "请获取新的验证码后再试。没有进行其他尝试。",
    ),
    "code-expired": (
        "验证码已过期。",
        "请获取新的验证码后再试。",
    ),
    "menu-rejected": (
        "终端或平台拒绝了（{screen}）。",
        "请向收单机构询问原因。",
    ),
    "menu-wrong-turn": (
        "终端自行来到画面 {screen}；未在其上输入或确认。",
        "请让终端回到主画面后重试。",
    ),
    "menu-unsteady": (
        "画面 {screen} 每次读取都不同；未确认。",
        "请检查线缆后重试。",
    ),
    "menu-already-pending": (
        "终端已在等待平台审核（{screen}）。",
        "请等平台处理，再重新读取绑定。",
    ),
}
