"""中文：引导模式（由人按键）及其结束方式。Chinese: guided mode."""

from __future__ import annotations

from typing import Final

GUIDING: Final = {
    "guide-stopped": ("您在画面 {screen} 停止了。没有解绑。", "请用取消键退出菜单，准备好后重新开始。"),
    "guide-stopped-late": (
        "您在最后确认之后停止了（画面 {screen}）；不知道终端是否已解绑。",
        "请查看终端是否仍显示商户号，然后重新退役（只解绑仍绑定的部分）。",
    ),
    "guide-other-screen": (
        "在 {screen} 之后，终端显示了档案中没有的画面。没有解绑。",
        "请让终端回到主画面后重试；固件可能比档案新。",
    ),
    "guide-other-screen-late": (
        "最后确认之后（画面 {screen}），终端显示了档案中没有的画面。",
        "请查看终端是否仍显示商户号，然后重新退役（只解绑仍绑定的部分）。",
    ),
    "photo-unreadable": ("无法读取照片 {path}（{why}）。", "请给出不超过 64 MiB 的文件的路径。"),
}

GUIDING_TEXTS: Final = {
    "guide.begin": "由您在终端上按键；posretire 告诉您按哪个键，并询问您看到什么。",
    "guide.evidence": "证据中会写明这些步骤以您所述为准（0 级）。",
    "guide.heading": "第 {number} 步",
    "guide.start": "请让终端回到主画面。应显示：",
    "guide.press": "请按 {keys}。",
    "guide.press-together": "请同时按 {keys}。",
    "guide.choose-digit": "选择「{row}」：按它前面的数字键。",
    "guide.choose-highlight": "把光标移到「{row}」，再按 {keys}。",
    "guide.pages": "如果这一屏没有，用 {keys} 继续找。",
    "guide.erase": "先用 {keys} 删去输入框中的内容。",
    "guide.type": "输入{what}：{text}，再按 {keys}。",
    "guide.type-yours": "在终端上输入{what}（只有您知道），再按 {keys}。不要在这里输入。",
    "guide.back": "返回：按 {keys}。",
    "guide.leave": "退出终端菜单：按 {keys}，直到出现主画面。",
    "guide.leave-alone": "不要再按终端上的任何键，保持原样。",
    "guide.finished": "终端上的操作已完成，请退出菜单。",
    "guide.commits": "这一步之后无法撤回。",
    "guide.expect": "之后应显示：",
    "guide.legend": "? = 以终端显示为准的内容，… = 其他行；列表的顺序可能不同",
    "guide.paged": "这个列表有多页，可能显示的是另一页。",
    "guide.see": "您看到什么？",
    "guide.expected": "就是这个画面",
    "guide.unchanged": "没有变化：{title}",
    "guide.row-missing": "没有「{row}」这一项",
    "guide.busy": "终端正忙（请稍候）",
    "guide.more": "这台终端的其他画面",
    "guide.else": "别的内容",
    "guide.controls": "b 返回 · h 帮助 · s 停止 · d 加编号：画出该画面",
    "guide.prompt": "请输入> ",
    "guide.attempts-left": "画面上写着剩余几次？",
    "guide.last-digits": "请看画面，输入其中{what}的最后 {digits} 位：",
    "guide.note": "终端显示什么？请用一行字描述，不要写密码和卡号：",
    "guide.photo": "照片的路径，没有就直接按回车（只保留文件名、大小和 SHA-256）：",
    "guide.problem.no-number": "这不是剩余次数。",
    "guide.problem.no-digits": "不是 {digits} 位。",
    "guide.problem.photo-unreadable": "无法读取该文件，或文件超过 64 MiB。",
    "guide.problem.no-way-back": "从这里没有安全的返回方法。请说明终端显示什么，或停止。",
    "guide.problem.still-there": "终端仍在等待：请在终端上完成这一步，再说明它显示什么。",
    "guide.problem.what": "请输入列表中的编号或字母。",
    "guide.help": (
        "请按步骤在终端上操作，把终端画面与图比较，然后输入所看到画面的编号。图中只有档案知道的内容，"
        "终端上可能还有其他行。终端仍在处理时请等待，然后输入 w。按错了键就输入 b，会告诉您如何返回。"
        "都不符合时输入 e：可以写备注并附照片，然后安全结束。输入 s 立即停止；最后确认之前不会解绑。"
        "密码和验证码只在终端上输入，绝不要在这里输入。"
    ),
    "guide.words.back": "b 返回 后退",
    "guide.words.help": "h 帮助 ?",
    "guide.words.stop": "s 停止 退出 q",
    "guide.words.else": "e 其他 别的",
    "guide.words.more": "m 更多",
    "guide.words.busy": "w 等待 忙",
    "guide.words.missing": "n 没有 无",
    "asked.merchant_number": "商户号",
    "asked.password": "解绑密码",
    "asked.second_password": "第二个密码",
    "asked.code": "验证码",
    "asked.phone": "手机号",
    "asked.machine_number": "标签上的机具编号",
    "asked.operator": "操作员号",
    "asked.operator_password": "操作员密码",
    "asked.amount": "金额",
    "asked.tusn": "终端序列号（TUSN）",
    "cap.CONFIRM": "确认",
    "cap.CANCEL": "取消",
    "cap.CLEAR": "清除",
    "cap.UP": "上键↑",
    "cap.DOWN": "下键↓",
    "cap.LEFT": "左键←",
    "cap.RIGHT": "右键→",
    "cap.MENU": "菜单",
    "cap.STAR": "* 键",
    "cap.HASH": "# 键",
}
