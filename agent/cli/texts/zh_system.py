"""中文：系统的说法和其他简短原因。Chinese: what the operating system says, and other short reasons."""

from __future__ import annotations

import errno
import os
from typing import Final

SYSTEM_WORDS: Final = {
    "EACCES": "没有权限",
    "EBUSY": "正被占用",
    "ECONNABORTED": "连接中断",
    "ECONNREFUSED": "连接被拒绝",
    "ECONNRESET": "连接被对方重置",
    "EEXIST": "已存在",
    "EHOSTUNREACH": "无法到达该主机",
    "EIO": "输入输出错误",
    "EISDIR": "是一个文件夹",
    "ELOOP": "符号链接层数过多",
    "EMFILE": "打开的文件过多",
    "ENAMETOOLONG": "名称过长",
    "ENETUNREACH": "无法到达该网络",
    "ENODEV": "没有该设备",
    "ENOENT": "没有该文件或文件夹",
    "ENOSPC": "磁盘空间已满",
    "ENOTDIR": "不是文件夹",
    "ENOTEMPTY": "文件夹不为空",
    "EPERM": "不允许这样操作",
    "EROFS": "文件系统只读",
    "ETIMEDOUT": "连接超时",
}
"""By the name in errno.h."""

OTHER_WORDS: Final = {
    "no file": "没有该文件",
    "no folder": "没有该文件夹",
    "not UTF-8": "不是 UTF-8 文本",
    "no answer in time": "未在限定时间内应答",
    "the answer is cut off": "应答被截断",
    "directory": "是一个文件夹",
    "empty": "为空",
    "too large": "过大",
    "it went away": "已消失",
    "no path": "没有路径",
    "no JSON": "不是 JSON",
    "no zip archive, or something behind it": "不是 zip 压缩包，或其后另有内容",
}
"""By what posretire says in English."""

SYSTEM_TEXTS: Final = {
    **{f"why.{os.strerror(getattr(errno, name))}": word for name, word in SYSTEM_WORDS.items() if hasattr(errno, name)},
    **{f"why.{reason}": word for reason, word in OTHER_WORDS.items()},
}
