"""A person at a real pseudo-terminal, with a simulated terminal's front panel at hand."""

import codecs
import fcntl
import json
import os
import pty
import re
import select
import socket
import struct
import subprocess
import termios

from protocols.words import Key
from tests.e2e.conftest import POSRETIRE

PATIENCE_SECONDS = 60
PROMPT = "> "
ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>78]|\][^\x07]*\x07)")


class Panel:
    """The front panel of a simulated terminal."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._connection = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
        self._answers = self._connection.makefile("r", encoding="utf-8")

    def rows(self):
        return self._say("SHOW")["rows"]

    def press(self, *keys):
        answer = self._say("+".join(key.name for key in keys))
        assert "error" not in answer, answer

    def close(self):
        self._answers.close()
        self._connection.close()

    def _say(self, line):
        self._connection.sendall(line.encode() + b"\n")
        return json.loads(self._answers.readline())


def _take_terminal():
    """Make the pseudo-terminal the one that Ctrl-C comes from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Console:
    """The program on a pseudo-terminal: what it writes until it asks, and what is typed."""

    def __init__(self, words, home, columns=120, environment=None):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = {**(environment or os.environ), "POSRETIRE_HOME": str(home), "TERM": "xterm-256color"}
        self._process = subprocess.Popen(
            [POSRETIRE, *map(str, words)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        self._master = master
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.everything = ""
        self._new = ""

    def read(self):
        """Return what was written since the last question; None once the program ended."""
        while not self._new.endswith(PROMPT):
            assert select.select([self._master], [], [], PATIENCE_SECONDS)[0], self.everything[-3000:]
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux: the other end is closed (EIO)
                data = b""
            if not data:
                return None
            text = ESCAPE.sub("", self._decoder.decode(data)).replace("\r", "")
            self.everything += text
            self._new += text
        new, self._new = self._new, ""
        return new

    @property
    def number(self):
        """The number of the process."""
        return self._process.pid

    def type(self, line):
        os.write(self._master, line.encode() + b"\n")

    def type_raw(self, data):
        os.write(self._master, data)

    def wait(self):
        """Return the exit code."""
        while self.read() is not None:
            raise AssertionError(self.everything[-3000:])
        return self._process.wait(PATIENCE_SECONDS)

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._master)


KEYS = {
    **{str(digit): Key[f"DIGIT_{digit}"] for digit in range(10)},
    **{f"F{number}": Key[f"F{number}"] for number in range(1, 5)},
    "确认": Key.CONFIRM,
    "取消": Key.CANCEL,
    "清除": Key.CLEAR,
    "菜单": Key.MENU,
    "下键↓": Key.DOWN,
    "# 键": Key.HASH,
    "CONFIRM (确认)": Key.CONFIRM,
    "CANCEL (取消)": Key.CANCEL,
    "CLEAR (清除)": Key.CLEAR,
    "↓": Key.DOWN,
    "#": Key.HASH,
}
"""Keys of the terminal by what the pages call them."""

SAID = {
    "en": {
        "press": r"Press (.+?)(?: together)?\.$",
        "choose": r"Choose (.+): press the digit",
        "pages": r"look further with (.+)\.$",
        "type": r"Type the .+: (\S+)\. Then press (.+)\.$",
        "secret": r"Type the .+, which only you know, on the terminal; then press (.+)\. Never",
        "see": "What do you see?",
        "attempts": "How many attempts",
        "tusn": "characters of its TUSN",
        "merchant": "characters of its merchant number",
    },
    "zh": {
        "press": r"请(?:同时)?按 (.+?)。$",
        "choose": r"选择「(.+)」：按它前面的数字键",
        "pages": r"用 (.+) 继续找",
        "type": r"输入.+：(\S+)，再按 (.+)。$",
        "secret": r"在终端上输入.+（只有您知道），再按 (.+?)。",
        "see": "您看到什么？",
        "attempts": "画面上写着剩余几次",
        "tusn": "TUSN）的最后",
        "merchant": "商户号的最后",
    },
}
"""How the pages say what to do and what they want to know, by language."""


class Reader:
    """Reads the pages as a person does: presses on the panel what they say, and answers by what the panel shows."""

    def __init__(self, language, panel, password):
        self.said = SAID[language]
        self.panel = panel
        self.password = password
        self.steps = 0

    def answer(self, page):
        """Do what a page says, and return what to type."""
        asked = page[page.rindex("\n", 0, len(page) - len(PROMPT) - 1) :] if "\n" in page else page
        self._obey(page)
        rows = self.panel.rows()
        if self.said["see"] in page:
            return self._see(page, rows)
        if self.said["attempts"] in page:
            return re.search(r"剩余\D*([0-9]+)", "\n".join(rows))[1]
        for name, form in (("tusn", r"^[0-9]{16}$"), ("merchant", r"^[0-9]{15}$")):
            if self.said[name] in page:
                return re.search(form, "\n".join(rows), re.MULTILINE)[0][-4:]
        raise AssertionError(asked)

    def _obey(self, page):
        for line in map(str.strip, page.splitlines()):
            if found := re.match(self.said["choose"], line):
                pages = re.search(self.said["pages"], page, re.MULTILINE)
                self._choose(found[1], KEYS[pages[1]] if pages else None)
            elif found := re.match(self.said["type"], line):
                self._type(found[1], found[2])
            elif found := re.match(self.said["secret"], line):
                self._type(self.password, found[1])
            elif found := re.match(self.said["press"], line):
                self.panel.press(*(KEYS[name] for name in found[1].split(" + ")))
            else:
                continue
            self.steps += 1

    def _type(self, text, key):
        for digit in text:
            self.panel.press(KEYS[digit])
        self.panel.press(KEYS[key])

    def _choose(self, row, further):
        for _ in range(20):
            for shown in self.panel.rows():
                if found := re.fullmatch(rf"([0-9])\W*{re.escape(row)}", shown.strip()):
                    self.panel.press(KEYS[found[1]])
                    return
            assert further is not None, (row, self.panel.rows())
            self.panel.press(further)
        raise AssertionError(row)

    def _see(self, page, rows):
        drawn = [line.strip().strip("│").rstrip() for line in page.splitlines() if line.strip().startswith("│")]
        words = [row for row in drawn if row not in ("", "…")]
        heading = words[0] if words else ""
        assert re.fullmatch(re.escape(heading).replace(r"\?", "."), rows[0].strip()), (drawn, rows)
        return "1"
