"""The sections of a certificate, from its statement."""

from __future__ import annotations

from collections.abc import Sequence

from agent.papers.blocks import Beside, Block, Cell, Column, Heading, Style, Twin, grid, table
from agent.papers.facts import NOTHING, Part
from agent.papers.sentences import in_chinese
from agent.papers.sheet import ACCENTS, INK, ROOM
from agent.papers.words import HOW_TO_VERIFY, UNBINDING, Words, value_words

COLUMNS = 4
SIDE_BY_SIDE = 14
"""Rows of a table that still stand beside another; longer ones are broken over sheets."""
LEFT, BETWEEN = 190.0, 24.0
MARKS = {"note": "·", "unknown": "?", "fail": "×"}
EFFECTS = {"note": INK, "unknown": ACCENTS["UNKNOWN"], "fail": ACCENTS["FAIL"]}

SLOT_COLUMNS = (
    Column(Words("槽", "Slot"), 30),
    Column(Words("密钥", "Key"), 68),
    Column(Words("之前", "Before"), 50, mono=True),
    Column(Words("之后", "After"), 66),
)
REGION_COLUMNS = (
    Column(Words("区域", "Region"), 48),
    Column(Words("内容", "Holds"), 74),
    Column(Words("字节", "Bytes"), 48),
    Column(Words("可寻址", "Addr."), 50),
    Column(Words("结果", "Result"), 60),
    Column(Words("回读", "Read back"), 60),
)


class Sections:
    """Everything below the head of a certificate.

    Args:
        statement: The predicate.
        act: ``retirement`` or ``unbinding``.
        accent: Colour of the result.
        style: Sizes.
    """

    def __init__(self, statement: Part, act: str, accent: str, style: Style) -> None:
        self.statement, self.act, self.accent, self.style = statement, act, accent, style

    def blocks(self) -> list[Block]:
        """Return the sections from top to bottom."""
        return [
            *self._terminal(),
            *self._sanitization(),
            *self._bindings(),
            *self._backup(),
            *self._person(),
            *self._level(),
            *self._said(Words("豁免", "Waivers"), self._waivers()),
            *self._said(Words("发现", "Findings"), self._findings()),
            *self._said(Words("未核验的事项", "What was not checked"), self._gaps()),
            *self._proof(),
            *self._slots_and_regions(),
        ]

    def _heading(self, zh: str, en: str, room: float = ROOM) -> Heading:
        return Heading(Words(zh, en), room, self.style, self.accent)

    def _grid(self, cells: Sequence[Cell]) -> list[Block]:
        return grid(cells, COLUMNS, ROOM, self.style)

    def _terminal(self) -> list[Block]:
        media, terminal, agent = (self.statement.part(each) for each in ("media", "terminal", "agent"))
        versions = [terminal.text(each) for each in ("hardware_version", "firmware_name", "firmware_version")]
        before, after = (media.shown(f"{when}_sanitization_confidentiality") for when in ("pre", "post"))
        confidentiality = NOTHING if before == after == NOTHING else f"{before} → {after}"
        return [
            self._heading("终端", "Terminal"),
            *self._grid(
                [
                    Cell(Words("厂商", "Manufacturer"), media.shown("manufacturer")),
                    Cell(Words("资产编号", "Property number"), media.shown("property_number")),
                    Cell(Words("硬件与固件", "Hardware, firmware"), " ".join(filter(None, versions)) or NOTHING),
                    Cell(Words("介质来源", "Media source"), media.shown("media_source")),
                    Cell(Words("介质类型", "Media type"), value_words(media.shown("media_type")), span=2),
                    Cell(Words("密级变化", "Confidentiality"), confidentiality),
                    Cell(Words("密钥槽", "Key slots"), self._slots()),
                    Cell(Words("终端密钥", "Key of the terminal, SHA-256"), terminal.shown("device_key"), 2, mono=True),
                    Cell(Words("执行端密钥", "Key of the agent, SHA-256"), agent.shown("key"), 2, mono=True),
                ]
            ),
        ]

    def _slots(self) -> str:
        """Tell in a line how many keys were erased and which were kept."""
        slots = self.statement.parts("key_slots")
        if not slots:
            return NOTHING
        erased = sum(each.part("after").text("state") == "erased" for each in slots)
        kept = [each.text("slot") for each in slots if each.is_true("kept")]
        said = f"擦除 erased {erased}"
        return f"{said}，保留 kept {', '.join(kept)}" if kept else said

    def _sanitization(self) -> list[Block]:
        done, times = self.statement.part("sanitization"), self.statement.part("times")
        destination = Cell(Words("去向", "Destination"), done.shown("destination"))
        tool = Cell(Words("工具与版本", "Tool, version"), f"{done.shown('tool')} {done.text('tool_version')}")
        accepted = done.part("validation").is_true("accepted")
        outcome = Words("接受", "accepted") if accepted else Words("不接受", "not accepted")
        validation = Cell(Words("确认", "Validation"), str(outcome), colour=self.accent)
        if self.act == UNBINDING:
            nothing = Cell(Words("清空", "Wipe"), "没有清空 nothing was wiped", colour=ACCENTS["UNKNOWN"])
            return [self._heading("处置", "Disposition"), *self._grid([nothing, tool, validation, destination])]
        return [
            self._heading("清除", "Sanitization (NIST SP 800-88 Rev. 2)"),
            *self._grid(
                [
                    Cell(Words("方法", "Method"), value_words(done.shown("method"))),
                    Cell(Words("技术", "Technique"), value_words(done.shown("technique"))),
                    tool,
                    destination,
                    Cell(Words("验证", "Verification"), self._verification(done.part("verification")), span=2),
                    validation,
                    Cell(
                        Words("清空起止", "Wiped, UTC"), _period(times.text("wipe_started"), times.text("wipe_ended"))
                    ),
                ]
            ),
        ]

    def _verification(self, verification: Part) -> str:
        erased, kept = verification.number("regions_erased"), verification.number("regions_not_erased")
        blank, not_blank = (verification.number(f"regions_read_back_{each}") for each in ("blank", "not_blank"))
        state = value_words(verification.shown("wipe_state"))
        return (
            f"{state}；擦除 erased {erased} / {erased + kept}；回读为空 read back blank {blank} / {blank + not_blank}"
        )

    def _bindings(self) -> list[Block]:
        bindings = self.statement.part("bindings")
        platform = bindings.part("platform")
        state = platform.text("state")
        receipt = " · ".join(filter(None, (platform.text("reference"), platform.text("obtained_by"))))
        colour = INK if state == "confirmed" else ACCENTS["UNKNOWN"]
        left = [*bindings.texts("remaining"), *bindings.texts("not_attested")]
        return [
            self._heading("绑定", "Bindings"),
            *self._grid(
                [
                    Cell(Words("已解除", "Undone"), _listed(bindings.texts("undone")), span=COLUMNS),
                    Cell(Words("待平台办理", "Pending"), _listed(bindings.texts("pending")), span=1),
                    Cell(Words("未解除或未证明", "Left, or not attested"), _listed(left), span=1),
                    Cell(
                        Words("收单平台", "Back office"),
                        f"{value_words(state) or NOTHING}{f'  {receipt}' if receipt else ''}",
                        span=2,
                        colour=colour,
                    ),
                ]
            ),
        ]

    def _backup(self) -> list[Block]:
        backup = self.statement.part("backup")
        if not backup:
            nothing = Words("没有导出。", "There is no export.")
            return [self._heading("数据备份", "Backup of the data"), Twin(nothing, ROOM, self.style)]
        size = (
            f"{backup.shown('file')} · {backup.number('records'):,} 条 records · {backup.number('size'):,} 字节 bytes"
        )
        once = backup.number("verification_recipients")
        note = f" · 核对密钥 one-time key {once}" if once else ""
        recipients = " ".join(backup.texts("recipients")) or NOTHING
        copies, retention = "、".join(backup.texts("copies")), backup.part("retention")
        until = " · ".join(filter(None, (retention.text("until"), retention.text("basis"))))
        kept = [Cell(Words("副本", "Further copies"), copies, span=2)] if copies else []
        kept += [Cell(Words("保存至", "Kept until"), until, span=2)] if until else []
        return [
            self._heading("数据备份", f"Backup of the data: {size}{note}"),
            *self._grid(
                [
                    Cell(Words("加密导出", "Encrypted export, SHA-256"), backup.shown("sha256"), span=2, mono=True),
                    Cell(Words("收件人", "Encrypted to"), recipients, span=2, mono=True),
                    *kept,
                ]
            ),
        ]

    def _person(self) -> list[Block]:
        person, order = self.statement.part("person"), self.statement.part("order")
        name = f"{person.shown('name')} ({person.text('id')})" if person.text("id") else person.shown("name")
        if person.text("login"):
            name += "，已登录 logged in"
        return [
            self._heading("经办", "Carried out by"),
            *self._grid(
                [
                    Cell(Words("姓名", "Name"), name),
                    Cell(Words("职务", "Title"), person.shown("title")),
                    Cell(Words("地点", "Place"), person.shown("place")),
                    Cell(Words("联系方式", "Contact"), person.shown("contact")),
                    Cell(Words("日期", "Date, UTC"), person.text("date")[:19].replace("T", " ") or NOTHING),
                    Cell(Words("工单", "Work order"), order.shown("work_order")),
                    Cell(Words("原因", "Reason"), order.shown("reason")),
                    Cell(Words("授权", "Authorisation"), order.shown("authorisation")),
                ]
            ),
        ]

    def _slots_and_regions(self) -> list[Block]:
        slots = [
            (each.shown("slot"), value_words(each.shown("kind")), _check_value(each.part("before")), _after(each))
            for each in self.statement.parts("key_slots")
        ]
        read_back = {each.text("region"): each for each in self.statement.parts("read_back")}
        regions = [
            (
                each.shown("region"),
                value_words(each.shown("holds")),
                f"{each.number('size'):,}",
                value_words(each.shown("addressable")),
                value_words(each.shown("result")),
                _read_back(read_back.get(each.text("region"))),
            )
            for each in self.statement.parts("regions")
        ]
        words = Words("密钥槽", "Key slots"), Words("存储区域", "Regions")
        if slots and regions and max(len(slots), len(regions)) <= SIDE_BY_SIDE:
            right = ROOM - LEFT - BETWEEN
            return [
                Beside(
                    [self._heading(*words[0], room=LEFT), *table(SLOT_COLUMNS, slots, LEFT, self.style)],
                    [self._heading(*words[1], room=right), *table(REGION_COLUMNS, regions, right, self.style)],
                    LEFT + BETWEEN,
                )
            ]
        made: list[Block] = []
        for heading, columns, rows in ((words[0], SLOT_COLUMNS, slots), (words[1], REGION_COLUMNS, regions)):
            if rows:
                made += [self._heading(*heading), *table(columns, rows, ROOM, self.style)]
        return made

    def _level(self) -> list[Block]:
        evidence = self.statement.part("evidence")
        level, meaning = evidence.shown("level"), evidence.text("meaning")
        heading = self._heading(f"证据等级 {level} 及其局限", f"Evidence level {level}, and its limits")
        said = Words(in_chinese("meaning", meaning), meaning)
        limits = [Words(in_chinese("limit", each), each) for each in evidence.texts("limits")]
        return [
            heading,
            Twin(said, ROOM, self.style),
            *(Twin(each, ROOM, self.style, "–", self.accent) for each in limits),
        ]

    def _said(self, words: Words, rows: list[Block]) -> list[Block]:
        return [self._heading(*words), *rows] if rows else []

    def _waivers(self) -> list[Block]:
        waivers = self.statement.part("waivers").pairs()
        return [
            Twin(Words("", f"{value_words(name)}: {why}"), ROOM, self.style, "!", ACCENTS["UNKNOWN"])
            for name, why in waivers
        ]

    def _findings(self) -> list[Block]:
        return [
            Twin(
                _sentence(each),
                ROOM,
                self.style,
                MARKS.get(each.text("effect"), "?"),
                EFFECTS.get(each.text("effect"), INK),
            )
            for each in self.statement.parts("findings")
        ]

    def _gaps(self) -> list[Block]:
        return [Twin(_sentence(each), ROOM, self.style, "–", INK) for each in self.statement.parts("not_checked")]

    def _proof(self) -> list[Block]:
        return [self._heading("核验", "To verify"), Twin(HOW_TO_VERIFY, ROOM, self.style)]


def _sentence(row: Part) -> Words:
    text = row.shown("text")
    return Words(in_chinese(row.text("code"), text), text)


def _listed(names: Sequence[str]) -> str:
    return "、".join(map(value_words, names)) or NOTHING


def _period(start: str, end: str) -> str:
    if not start:
        return NOTHING
    return f"{start[:19].replace('T', ' ')} – {end[11:19] or NOTHING}"


def _check_value(state: Part) -> str:
    return state.text("check_value") or NOTHING


def _after(slot: Part) -> str:
    if slot.is_true("kept"):
        return str(Words("保留", "kept"))
    return value_words(slot.part("after").text("state")) or NOTHING


def _read_back(row: Part | None) -> str:
    if row is None:
        return NOTHING
    blank = row.number("not_blank") == 0 and row.is_true("digest_matches")
    if not blank:
        return str(Words("非空", "not blank"))
    return str(Words("全部为空" if row.text("method") == "full" else "为空", "blank"))
