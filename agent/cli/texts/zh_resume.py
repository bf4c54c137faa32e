"""Chinese: taking up a case that broke off."""

from __future__ import annotations

from typing import Final

RESUME: Final = {
    "case-interrupted": (
        "案件 {case} 已中断。终端未做任何改动，导出已保留。",
        "准备好后继续：posretire resume {case}",
    ),
    "case-broken-off": (
        "案件 {case} 中线路断开，终端尚未做任何改动：{why}。",
        "请检查线缆、端口和电源，然后运行：posretire resume {case}",
    ),
    "resume-instead": ("改为继续先前的案件 {case}。", "此处无需再做什么。"),
    "case-closed": (
        "案件 {case} 已结案：{result}。",
        "请查看 posretire cases show {case}；如有需要，请重新退役该终端。",
    ),
    "case-stopped": ("案件 {case} 已在终端被改动之前终止。", "请重新退役该终端：这将是另一个案件。"),
    "case-request-missing": (
        "没有保存案件 {case} 的原始请求，无法继续。",
        "请对终端重新运行 retire；请保留 {case} 的文件夹，其中可能有唯一的导出。",
    ),
    "case-evidence-altered": ("本案的 {file} 已丢失或被改动：{path}。", "请恢复原文件；没有它，案件无法继续。"),
    "case-other-terminal": (
        "应答的是另一台终端：{tusn}；案件 {case} 属于 {expected}。",
        "请连接本案的终端，或用 --target 指定端口。未做任何改动。",
    ),
    "lease-held": (
        "另一个 posretire 正在使用 {resource}：案件 {case}，主机 {host} 上的进程 {pid}。",
        "请等待或结束它。若在别的机器上，其占用最迟于 {until} 到期。",
    ),
    "lease-lost": ("{resource} 已被另一个 posretire 接管。", "请停止其中一个，再用另一个继续案件。"),
    "work-order-again": ("本案依工单 {order} 立案，其中的绑定信息没有保存。", "请用 --work-order FILE 再次提供。"),
    "work-order-differs": ("这不是本案立案时的工单（{order}）。", "请提供原工单，或不要使用 --work-order。"),
    "step-unknown": ("没有步骤 {step}。", "案件的步骤有：{steps}。"),
    "step-word-twice": ("步骤 {step} 同时被说成已做和未做。", "请只说其中一个。"),
    "operator-word-needed": (
        "“{step}”步骤是否完成，只有人能判断。",
        "请查看终端，然后运行：posretire resume {case} --done {step}，或 --not-done {step}。",
    ),
}

RESUME_TEXTS: Final = {
    "command.resume": "继续中断的案件 CASE：从中断处接着做，已完成的不会重做。",
    "option.resume-target": "终端现在所在的端口（若已变化）。",
    "option.resume-done": "由您确认该步骤在中断前已完成；用于只有人能判断的步骤。",
    "option.resume-not-done": "由您确认该步骤没有完成。",
    "progress.recalled": "{step}：此前已完成",
    "remark.lease-left-behind": (
        "主机 {host} 上的进程 {pid} 曾为案件 {case} 占用 {resource}，未释放就已结束：现已接管。"
    ),
    "next.resume": "请继续本案：posretire resume {case}。在此之前不要转交终端。",
    "case-state.broken-off": "已中断，可继续",
    "ask.resume": "该终端有一个中断的案件：{case}。改为继续那个案件吗？[y/N] ",
}
