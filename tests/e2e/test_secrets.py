"""Everything that must stay secret, planted with known values, and looked for in every byte that is left anywhere (I4).

Each process runs with folders of its own for home, temporary files and the place it stands in, with
`tests/e2e/watched/sitecustomize.py` noting every file that it opens to write, and its command line and environment are
read while it runs. What a terminal keeps is its own; a key may stand in the one file that is there for it.
"""

import base64
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from protocols.pmp.facts import Dataset
from protocols.pmp.records import JOURNAL_RECORD, RECORD_BYTES
from tests.agent.evidence import tokens
from tests.e2e.leaks import forms, read_dataset

POSRETIRE = Path(sys.executable).with_name("posretire")
WATCHED = Path(__file__).with_name("watched")
PATIENCE_SECONDS = 120
PROC = Path("/proc")
NEW_MERCHANT = "999290058121234"
PASSPHRASE = "agent passphrase 730914 (TEST)"
LOGIN = "login of zhang 5566 (TEST)"

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="processes are looked into by /proc")


def encodings(text):
    """Return every form that a text may be left in: those of `leaks.forms`, and each of them in base64 and hex."""
    found = set()
    for form in forms(text):
        found |= {form, form.hex().encode(), form.hex().upper().encode()}
        for shift in range(3):  # base64 depends on where in a group of three it begins
            whole = base64.b64encode(bytes(shift) + form)
            found.add(whole[4 if shift else 0 : len(whole) - 4])
    return {form for form in found if len(form) >= 5}


@dataclass
class Ground:
    """Where everything happens, and what is known of it."""

    folder: Path
    secrets: dict[str, set[bytes]] = field(default_factory=dict)
    said: list[bytes] = field(default_factory=list)
    processes: set[bytes] = field(default_factory=set)
    more: dict[str, str] = field(default_factory=dict)
    samples: int = 0
    defect: str = ""

    def __post_init__(self):
        for name in ("home", "out", "tmp", "cwd", "given"):
            (self.folder / name).mkdir(parents=True)

    def plant(self, what, *texts):
        self.secrets.setdefault(what, set()).update(*(encodings(each) for each in texts))

    def plant_bytes(self, what, data):
        self.secrets.setdefault(what, set()).update({data, data.hex().encode(), base64.b64encode(data)[:-4]})

    def file(self, name, text):
        path = self.folder / "given" / name
        path.write_text(text + "\n", encoding="utf-8")
        path.chmod(0o600)
        return path

    # ------------------------------------------------------------------ running
    def environment(self, language):
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(WATCHED),
            "WATCHED_LIST": str(self.folder / "opened.txt"),
            "WATCHED_DEFECT": self.defect,
            "TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder / "cwd"),
            "POSRETIRE_HOME": str(self.folder / "home"),
            "POSRETIRE_LANG": language,
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONFAULTHANDLER": "1",
            **self.more,
        }

    def begin(self, *words, language="en"):
        return subprocess.Popen(
            [POSRETIRE, *map(str, words), "--lang", language],
            cwd=self.folder / "cwd",
            env=self.environment(language),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words, language="en", text="", kill_at=None):
        """Run the program to its end, or until it says that a step begins; then kill it."""
        process = self.begin(*words, language=language)
        with self.looking_into(process.pid):
            try:
                if kill_at is None:
                    out, err = process.communicate(text.encode(), timeout=PATIENCE_SECONDS)
                else:
                    out = self._until(process, kill_at)
                    process.kill()
                    rest, err = process.communicate(timeout=PATIENCE_SECONDS)
                    out += rest
            finally:
                process.kill()
        self.said += [out, err]
        return process.returncode, out.decode(), err.decode()

    def _until(self, process, step):
        said = b""
        for line in process.stdout:
            said += line
            told = json.loads(line)
            if (told.get("event"), told.get("step"), told.get("state")) == ("step", step, "started"):
                return said
        raise AssertionError(f"{step} never began: {said!r} {process.stderr.read()!r}")

    @contextmanager
    def looking_into(self, number):
        stop = threading.Event()
        looking = threading.Thread(target=self._look_into, args=(number, stop))
        looking.start()
        try:
            yield
        finally:
            stop.set()
            looking.join()

    def _look_into(self, number, stop):
        """Read command line and environment of a process and its children while they run."""
        while True:
            for each in (number, *_children(number)):
                for name in ("cmdline", "environ"):
                    try:
                        seen = (PROC / str(each) / name).read_bytes()
                    except OSError:
                        continue
                    self.processes.add(seen)
                    self.samples += bool(seen)
            if stop.wait(0.02):
                return

    # ------------------------------------------------------------------ searching
    def places(self, left_out):
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not any(path == each or each in path.parents for each in left_out):
                yield str(path.relative_to(self.folder)), path.read_bytes()
        yield from ((f"said {number}", each) for number, each in enumerate(self.said))
        yield from ((f"process {number}", each) for number, each in enumerate(sorted(self.processes)))

    def leaks(self, left_out=(), *, argued=frozenset()):
        """Return where which kind of secret stands, and the number of places that were searched.

        Args:
            left_out: Files and folders that may hold it.
            argued: Kinds that an option takes, so that they stand in command lines.
        """
        found, searched = [], 0
        # One pattern a kind: there are thousands of them.
        patterns = {what: re.compile(b"|".join(map(re.escape, each))) for what, each in self.secrets.items()}
        for place, content in self.places(left_out):
            searched += 1
            for what, pattern in patterns.items():
                if not (what in argued and place.startswith("process")) and (hit := pattern.search(content)):
                    found.append((what, place, hit.start()))
        return found, searched

    def opened_elsewhere(self):
        """Return the files that were opened to write and are outside of what is searched."""
        lines = set((self.folder / "opened.txt").read_text(encoding="utf-8").splitlines())
        assert len(lines) > 20, "the processes were not watched"
        allowed = (str(self.folder), "/dev/", "/proc/")
        return sorted(each for each in lines if not each.startswith(allowed))


def _children(number):
    try:
        listed = (PROC / str(number) / "task" / str(number) / "children").read_text()
    except OSError:
        return ()
    return tuple(map(int, listed.split()))


@pytest.fixture
def ground(tmp_path):
    return Ground(tmp_path / "ground")


@pytest.fixture
def terminals(ground):
    """Start simulated terminals whose output is that of the test data: it is not searched."""
    running = []

    def start(name, *words, model="haike-h60"):
        process = ground.begin(
            "simulate", model, "--state", ground.folder / name, "--listen", "127.0.0.1:0", "--json", *words
        )
        running.append(process)
        announced = json.loads(process.stdout.readline())
        for what in ("password", "code", "operator_password", "second_password"):
            ground.plant(what, announced[what])
        ground.plant("merchant number", announced["merchant_number"])
        journal = read_dataset(announced["target"], Dataset.JOURNAL)
        records = [JOURNAL_RECORD.parse(journal[at : at + RECORD_BYTES]) for at in range(0, len(journal), RECORD_BYTES)]
        cards = {record.account.hex().rstrip("f") for record in records} - {""}
        tracks = {record.track2.hex().rstrip("f") for record in records} - {""}
        assert len(cards) > 10
        ground.plant("card number", *cards)
        for each in tracks:  # whole, as characters, and the part after the separator by itself
            ground.plant_bytes("track", bytes.fromhex(each + "f" * (len(each) % 2)))
            ground.plant("track", each, each.upper().replace("D", "="), each.partition("d")[2])
        ground.plant("terminal's key", *_lines_of((ground.folder / name / "identity.pem").read_text()))
        return announced

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def _lines_of(pem):
    """Return the lines of a private key's file that say something."""
    key = pem[pem.index("-----BEGIN") :].splitlines()[1:3]
    return [line for line in key if len(line) > 40]


def _plant_keys(ground, key_files, owner, passphrase=None):
    for path in key_files:
        pem = path.read_bytes()
        ground.plant("agent's key", *_lines_of(pem.decode()))
        number = load_pem_private_key(pem, passphrase).private_numbers().private_value
        ground.plant_bytes("agent's key", number.to_bytes(32, "big"))
    identity = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", owner.read_text())
    assert identity is not None
    ground.plant("owner's key", identity.group())


def test_i4_nothing_secret_is_left_anywhere(ground, terminals):
    given = ground.folder / "given"
    owner = given / "owner.txt"
    ground.plant("passphrase", PASSPHRASE)
    ground.plant("login", LOGIN)
    opened = ("--key-passphrase-file", ground.file("passphrase", PASSPHRASE))
    logged_in = ("--operator", "zhang", "--login-password-file", ground.file("login", LOGIN))
    assert ground.run("keys", "init", *opened, "--request", ground.folder / "out" / "a.csr", "--json", "-vvv")[0] == 0
    for tried in (opened, ("--key-passphrase-file", ground.file("wrong", "another"))):
        ground.run("keys", "request", *tried, "-vvv")
    zhang = ("zhang", "--name", "Zhang (TEST)", "--login-password-file", ground.file("login", LOGIN))
    assert ground.run("operators", "add", *zhang, "-vvv")[0] == 0
    assert ground.run("operators", "set-login", "zhang", *logged_in[2:], "--json", "-vvv")[0] == 0
    assert ground.run("operators", "-vvv")[0] == 0
    code, out, _ = ground.run("keys", "recipient", "--out", owner, "--json", "-vvv")
    assert code == 0
    recipient = json.loads(out)["recipient"]
    keys = [
        path for path in (ground.folder / "home").rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()
    ]
    assert keys
    _plant_keys(ground, keys, owner, PASSPHRASE.encode())

    terminal = terminals("one", "--seed", 11, "--transactions", 60)
    second = terminals("two", "--seed", 12, "--transactions", 60, "--option", "second=code")
    other = terminals("three", "--seed", 13, "--transactions", 60, model="unionpay-generic")

    def words(command, at, name, *more, password=None):
        return (
            command, at["target"], "--merchant", at["merchant_number"], "--recipient", recipient,
            "--password-file", ground.file(f"{name}-password", password or at["password"]),
            "--code-file", ground.file(f"{name}-code", at["code"]),
            "--operator-password-file", ground.file(f"{name}-operator", at["operator_password"]),
            "--second-password-file", ground.file(f"{name}-second", at["second_password"]),
            "--phone", at["phone"], "--out", ground.folder / "out", "--trust", at["trust"],
            "--reason", "shop closed (TEST)", *opened, *logged_in, "--yes", "-vvv", *more,
        )  # fmt: skip

    # Looking, and everything that is refused.
    for language in ("en", "zh"):
        for page in ((), ("--json",)):
            assert ground.run("inspect", terminal["target"], "-vvv", *page, language=language)[0] == 0
    assert ground.run("doctor", terminal["target"], "-vvv", "--json")[0] in (0, 6)
    assert ground.run("ports", "-vvv")[0] == 0
    export = ("--recipient", recipient, "--out", ground.folder / "out" / "alone.age")
    assert ground.run("export", terminal["target"], *export, "-vvv")[0] == 0
    assert ground.run(*words("retire", terminal, "one", "--json", password="000000"), language="zh")[0] == 4
    assert ground.run(*words("retire", terminal, "one", password="not digits"))[0] == 2
    assert ground.run(*words("retire", terminal, "one", "--second-password-file", given / "none"))[0] == 2
    wrong = ("--login-password-file", ground.file("wrong", "not the login"))
    assert ground.run(*words("retire", terminal, "one", "--json", *wrong))[0] == 5
    wrong = ("--key-passphrase-file", ground.file("wrong", "not the passphrase"))
    assert ground.run(*words("retire", terminal, "one", "--json", *wrong))[0] == 5
    broken = given / "profiles" / "haike-h60" / "profile.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("model = [", encoding="utf-8")
    assert ground.run(*words("retire", terminal, "one", "--profiles", broken.parent.parent))[0] == 2

    # A defect of ours, with the password and a card in its text, is told without it.
    ground.defect = f"intent.json {terminal['password']} {terminal['code']} {terminal['merchant_number']}"
    environment_of_the_defect = ground.defect.encode()
    for page in ((), ("--json",)):
        assert ground.run(*words("retire", terminal, "one", *page))[0] == 70
    ground.defect = ""
    ground.processes = {each for each in ground.processes if environment_of_the_defect not in each}

    # Killed at every kind of step, taken up, and finished.
    order = ground.file("order.toml", f'number = "W-9"\nnew_merchant_number = "{NEW_MERCHANT}"')
    ground.plant("merchant number", NEW_MERCHANT)
    rebinding = ("--work-order", order, "--rebind", NEW_MERCHANT)
    for at, steps, command, more in (
        (terminal, ("inspect", "export", "intent", "unbind", "wipe", "validate"), "retire", ()),
        (second, ("export", "unbind", "rebind"), "unbind", rebinding),
    ):
        name = Path(at["state"]).name
        code, out, err = ground.run(*words(command, at, name, "--json", *more), kill_at=steps[0])
        assert code == -9, err
        case = json.loads(next(line for line in out.splitlines() if "case" in json.loads(line)))["case"]
        again = words("resume", {**at, "target": case}, name, "--json", *more)
        again = tuple(_without(again, "--recipient", "--out", "--reason"))
        for step in steps[1:]:
            assert ground.run(*again, kill_at=step)[0] == -9
        code, out, err = ground.run(*again, language="zh")
        assert code == 0, out + err

    # Without a crash, the password by standard input, on pages for people.
    piped = tuple(_without(words("retire", other, "three", "--password-stdin"), "--password-file"))
    code, out, err = ground.run(*piped, text=other["password"] + "\n")
    assert code == 0, out + err
    for bundle in sorted(path for path in (ground.folder / "out").iterdir() if path.is_dir()):
        for page in ((), ("--json",)):
            ground.run("verify", bundle, "--trust", terminal["trust"], "-vvv", *page)
            ground.run("cases", "show", bundle.name, "--film", "-vvv", *page)
    ground.run("cases", "list", "-vvv")

    own = [Path(each["state"]) for each in (terminal, second, other)]
    assert len({what for what, _, _ in ground.leaks((), argued=frozenset())[0]}) >= 9, "the search finds what is there"
    found, searched = ground.leaks((*own, given, *keys), argued={"merchant number"})
    print(
        f"{searched} places searched for {sum(map(len, ground.secrets.values()))} forms of {len(ground.secrets)} kinds"
    )
    print(f"{len(ground.processes)} command lines and environments, {ground.samples} samples")
    assert found == []
    assert ground.opened_elsewhere() == []


@pytest.mark.skipif(not tokens.there(), reason=tokens.WHY)
def test_i4_a_pin_is_left_nowhere(ground, terminals):
    pin, token = "64011797531", ground.folder / "softhsm"
    ground.more = tokens.make_tokens(token, "bench 1", pin=pin)
    ground.plant("pin", pin)
    file = ground.file("pin", pin)
    words = ("--store", "pkcs11", "--module", tokens.MODULE, "--token", "bench 1")
    wrong = ("--key-passphrase-file", ground.file("wrong", "97531"))
    assert ground.run("keys", "init", *words, *wrong, "-vvv")[0] == 5
    assert ground.run("keys", "init", *words, "--key-passphrase-file", file, "--unattended", "--json", "-vvv")[0] == 0
    assert ground.run("keys", "request", "-vvv")[0] == 0
    owner = ground.folder / "given" / "owner.txt"
    recipient = json.loads(ground.run("keys", "recipient", "--out", owner, "--json")[1])["recipient"]
    terminal = terminals("one", "--seed", 19, "--transactions", 60)
    retired = (
        "retire", terminal["target"], "--merchant", terminal["merchant_number"], "--recipient", recipient,
        "--password-file", ground.file("password", terminal["password"]), "--out", ground.folder / "out",
        "--trust", terminal["trust"], "--yes", "-vvv",
    )  # fmt: skip
    assert ground.run(*retired, *wrong)[0] == 5
    code, out, err = ground.run(*retired)
    assert code == 0, out + err
    assert ground.leaks()[0], "the search finds what is there"
    found, searched = ground.leaks((ground.folder / "one", owner.parent), argued={"merchant number"})
    print(f"{searched} places searched")
    assert found == []
    assert ground.opened_elsewhere() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_i4_nothing_secret_is_left_by_a_person_who_presses_the_keys(ground, terminals, language):
    from tests.e2e.console import Console, Panel, Reader

    owner = ground.folder / "given" / "owner.txt"
    recipient = json.loads(ground.run("keys", "recipient", "--out", owner, "--json")[1])["recipient"]
    terminal = terminals("one", "--seed", 17, "--transactions", 60, "--panel", "127.0.0.1:0")
    panel = Panel(terminal["panel"])
    command = (
        "unbind", terminal["target"], "--guided", "--recipient", recipient, "--out", ground.folder / "out",
        "--trust", terminal["trust"], "--merchant", terminal["merchant_number"], "--yes", "--lang", language, "-vvv",
    )  # fmt: skip
    console = Console(command, ground.folder / "home", environment=ground.environment(language))
    reader = Reader(language, panel, terminal["password"])
    try:
        with ground.looking_into(console.number):
            while (page := console.read()) is not None:
                console.type(reader.answer(page))
            assert console.wait() == 0, console.everything
    finally:
        console.close()
        panel.close()
    # The person has to type the merchant number on the terminal, so the console says it; it says nothing else of it.
    ground.said.append(console.everything.replace(terminal["merchant_number"], "").encode())
    keys = [path for path in (ground.folder / "home").rglob("*.pem") if b"PRIVATE KEY" in path.read_bytes()]
    _plant_keys(ground, keys, owner)
    found, searched = ground.leaks((ground.folder / "one", owner.parent, *keys), argued={"merchant number"})
    print(f"{searched} places searched")
    assert found == []
    assert ground.opened_elsewhere() == []


def _without(words, *options):
    skip = False
    for each in words:
        if skip or each in options:
            skip = not skip
            continue
        yield each
