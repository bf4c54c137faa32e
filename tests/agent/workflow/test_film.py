"""Each case with an unbinding has its film, and its journal has the film's digest."""

from types import SimpleNamespace

import pytest

from agent.film.store import film_path, read_film
from agent.workflow.film import filmed
from agent.workflow.retire import retire
from protocols.terminal import Identity
from tests.agent.film.made import STEPS

IDENTITY = Identity(
    "9999990212345678", "HAIKE-TEST", "haike-h60", "H60-B", "HKOS", "3.2.1", "H60-12345678", 1, 0, bytes(32)
)


class StubCase:
    number = "R20261122-TEST22"
    inspected = SimpleNamespace(identity=IDENTITY)
    known_profile = SimpleNamespace(menu=SimpleNamespace(columns=16, rows=8))

    def __init__(self, home):
        self.request = SimpleNamespace(home=home)
        self.notes = []
        self.findings = []

    def note(self, step, facts):
        self.notes.append((step, facts))

    def find(self, code, **facts):
        self.findings.append((code, facts))


def test_the_journal_has_the_names_and_the_digest_of_the_film(tmp_path):
    case = StubCase(tmp_path)
    with filmed(case, "unbind") as film:  # type: ignore[arg-type]
        film.take(STEPS[0])
        film.take(STEPS[4])
    found = read_film(film_path(tmp_path, case.number))
    assert found.head.tusn == IDENTITY.tusn
    lines = ["idle press F1+F4", "password type <password>"]
    assert case.notes == [("unbind", {"film": lines, "film_sha256": found.sha256})]
    assert case.findings == []


def test_i7_the_film_is_noted_however_the_step_ends(tmp_path):
    case = StubCase(tmp_path)

    def interrupted():
        with filmed(case, "unbind") as film:  # type: ignore[arg-type]
            film.take(STEPS[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert case.notes[0][1]["film"] == ["idle press F1+F4"]


def test_a_film_with_a_gap_is_a_finding_and_nothing_more(tmp_path):
    (tmp_path / "films").write_text("a file is in the way")
    case = StubCase(tmp_path)
    with filmed(case, "unbind") as film:  # type: ignore[arg-type]
        film.take(STEPS[0])
    assert case.notes[0][1]["film_sha256"] == ""
    assert [code for code, _ in case.findings] == ["film-incomplete"]


def test_a_terminal_without_a_menu_has_an_empty_film(tmp_path):
    case = StubCase(tmp_path)
    case.known_profile = SimpleNamespace(menu=None)
    with filmed(case, "unbind"):  # type: ignore[arg-type]
        pass
    assert case.notes == [("unbind", {"film": [], "film_sha256": ""})]


LONG = pytest.mark.e2e  # with the long suites: the three before cover fields, letters, highlights and the platform


@pytest.mark.parametrize(
    "model",
    [
        "haike-h60",
        "dianzhanggui-d20",
        "shengfutong-s90",
        pytest.param("lakala-l300", marks=LONG),
        pytest.param("unionpay-generic", marks=LONG),
    ],
)
def test_a_film_played_as_a_terminal_is_walked_by_the_same_keys(model, desk_of):
    first = desk_of(model=model, transactions=5)
    once = retire(first.asking(wipe=False), first.events.append)
    path = film_path(first.home, once.case)
    film = read_film(path)
    text = path.read_text(encoding="utf-8")
    for secret in ("merchant_number", "password", "phone", "operator_password", "second_password"):
        assert first.announced[secret] not in text
    second = desk_of(film=path, transactions=5)
    again = retire(second.asking(wipe=False), second.events.append)
    assert (again.result, again.pending) == (once.result, once.pending)
    walked = read_film(film_path(second.home, again.case))
    assert [(step.screen, step.what) for step in walked.steps] == [(step.screen, step.what) for step in film.steps]
    assert '"deviation"' not in (second.state / "record.jsonl").read_text(encoding="utf-8")


def test_i4_a_retirement_keeps_its_screens_in_order_and_no_secret(desk):
    outcome = retire(desk.request, desk.events.append)
    path = film_path(desk.home, outcome.case)
    found = read_film(path)
    assert found.steps[0].screen == "idle"
    assert found.steps[-1].what == "done"
    assert {step.screen for step in found.steps} >= {"merchant", "password", "confirm", "second", "done"}
    assert desk.announced["tusn"] in "".join(row for step in found.steps for row in step.rows)
    text = path.read_text(encoding="utf-8")
    for secret in (desk.announced["merchant_number"], desk.announced["password"]):
        assert secret not in text
    assert found.sha256.encode() in (outcome.bundle / "journal.jsonl").read_bytes()
