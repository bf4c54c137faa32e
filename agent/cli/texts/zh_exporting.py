"""Chinese: what is said around the export: its copies, its opening, its schemas."""

from __future__ import annotations

from typing import Final

EXPORTING_TEXTS: Final = {
    "option.backup": "另存一份的目录：任何改动之前先存导出数据并核对，最后存整个证据包；可重复。",
}
