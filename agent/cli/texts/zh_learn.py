"""中文：学习没有型号档案的终端。Chinese: learning a terminal that no profile knows."""

from __future__ import annotations

from typing import Final

LEARN: Final = {
    "learn-no-screen": (
        "终端不提供屏幕内容（{meaning}），无法通过线路学习。",
        "请手工编写型号档案，设 keys = guided；写法见 firmware-notes/TEMPLATE.md。",
    ),
    "learn-no-person": ("没有人可以询问该按什么键。", "请在控制台运行，或给出 --script FILE 或 --explore。"),
    "learn-exists": ("已有型号档案：{path}。", "请换一个 --out，或移走原有档案。"),
    "learn-unwritable": ("草稿无法写入 {path}：{why}。", "请选择可写的文件夹。"),
    "learn-model-form": (
        "终端自称型号 {model}，不能用作文件夹名。",
        "请用 --model 自行命名：小写字母、数字和连字符。",
    ),
    "learn-keys-form": ("{keys} 不是按键。", "应写作 F1+F4；见 posretire profiles learn --help。"),
    "learn-draft-invalid": (
        "终端自述的内容不符合型号档案：{field} {why}。",
        "请连同 posretire inspect 的输出一起报告。",
    ),
    "learn-too-many-screens": (
        "超过 {screens} 个界面：屏幕上有内容一直在变化。",
        "请分次学习，或给仅数字不同的界面取同一个名字。",
    ),
    "learn-script-unreadable": ("无法读取脚本 {path}：{why}。", "请检查路径和编码（UTF-8）。"),
    "learn-script-invalid": ("{path} 的第 {step} 步有误：{why}。", "请改正；没有按下任何键。"),
    "learn-item-missing": ("界面 {screen} 上没有“{item}”一项。", "请看屏幕上有哪些项；没有按下任何键。"),
    "learn-own-missing": ("界面 {screen} 的列表中没有本终端。", "请翻到本终端；没有按下任何键。"),
    "learn-answer-form": ("此处只能输入数字，而 {asked} 含有其他字符。", "请在终端上自行输入。"),
    "learn-no-field": (
        "界面 {screen} 上没有输入框：输入一位数字后没有可辨认的变化。",
        "请查看屏幕；已输入一位数字。",
    ),
    "learn-name-taken": ("另一个界面已叫 {name}，且不可能是当前界面。", "请另取名字。"),
    "learn-screen-missing": ("没有名为 {screen} 的界面。", "请先命名。"),
}

LEARN_TEXTS: Final = {
    "learn.help": (
        "按键：F1+F4、4、CONFIRM、CANCEL、CLEAR、UP、DOWN、MENU。另有：own（列表中的本终端）、choose 文字、"
        "type merchant_number|password|…（输入）、name 名字（给当前界面命名）、confirms（由此继续即为解绑）、"
        "means done|pending|wrong-password|locked|…（菜单在此结束）、end（写出草稿）、?（本说明）。"
    ),
    "learn.prompt": "学习> ",
    "learn.ask": "{what}（不显示、不保存）：",
    "learn.not-understood": "无法理解；输入 ? 查看可用的说法。",
    "learn.unnamed": "（尚未命名）",
    "learn.offers": "可选：{items}",
    "learn.field-open": "明文输入框：例如 type merchant_number。",
    "learn.field-masked": "密文输入框：例如 type password。",
    "learn.seen": "新界面：{screen}",
    "learn.heading": "型号 {model} 的档案草稿",
    "learn.profile": "档案",
    "learn.note": "说明",
    "learn.screens": "界面",
    "learn.ready": "草稿已包含解绑的路径。",
    "learn.not-ready": "草稿尚无解绑的路径。",
    "learn.next": "请检查草稿，再以 --profiles {folder} 使用。请先在可以损失的终端上试用。",
    "learn.gap.screen-unusable": "界面 {first} 没有固定内容，未收入。",
    "learn.gap.screen-ambiguous": "界面 {first} 与另一界面无法区分；请补充可区分的一行。",
    "learn.gap.goal-missing": "尚未标明哪个界面表示解绑结束（means done 或 pending）。",
    "learn.gap.goal-invalid": "解绑路径尚不能写入档案：{first} {second}。",
    "learn.gap.ending-not-seen": "未见过“{first}”时的界面；程序遇到时会停下。",
    "learn.gap.screen-unnamed": "界面 {first} 尚未命名。",
    "learn.gap.item-not-tried": "界面 {first} 上的 {second} 未试过。",
    "learn.gap.screen-declared": "界面 {first} 为人工描述，未实际见到。",
    "learn.gap.confirm-left-out": "界面 {first} 上确认键可继续，但没有说明确认的是什么；未收入。",
    "learn.gap.left-out": "界面 {first} 上的 {second} 像是会执行操作；没有进入。",
    "learn.gap.stuck": "取消键无法离开界面 {first}。",
    "learn.gap.not-finished": "探索在看完全部界面之前结束。",
}
