"""Progress as plain lines and as bars."""

import pytest

from agent.cli.progress import BarView, LineView, amount, finding_text, progress_view, size
from agent.cli.streams import Output
from agent.cli.texts import texts_of
from tests.agent.cli.conftest import Console

EVENTS: list[dict[str, object]] = [
    {"event": "open", "case": "R20261122-TEST23"},
    {"event": "step", "step": "wipe", "state": "started"},
    {"event": "progress", "step": "wipe", "done": 10, "total": 100, "unit": "blocks"},
    {"event": "progress", "step": "wipe", "done": 60, "total": 100, "unit": "blocks"},
    {"event": "progress", "step": "wipe", "done": 100, "total": 100, "unit": "blocks"},
    {"event": "step", "step": "wipe", "state": "done"},
    {"event": "finding", "code": "platform-pending", "facts": {}},
    {"event": "step", "step": "attest", "state": "started"},
    {"event": "step", "step": "attest", "state": "failed"},
    {"event": "line", "code": "unplugged", "facts": {"port": "COM3", "seconds": 30}},
    {"event": "line", "code": "replugged", "facts": {"port": "COM3"}},
    {"event": "something-new"},
]


def shown(console):
    stream = Console(console)
    view = progress_view(texts_of("en"), Output(stream))
    for event in EVENTS:
        view.show(event)
    view.pause()
    return view, stream.getvalue()


def test_plain_lines_where_nobody_looks_at_a_console():
    view, text = shown(console=False)
    assert isinstance(view, LineView)
    assert text.splitlines() == [
        "· Case R20261122-TEST23",
        "  Wipe keys and memory: 60 / 100 blocks",
        "✓ Wipe keys and memory  (100 / 100 blocks)",
        "! The platform's deregistration is pending: the acquirer must do its half.",
        "✗ Attestation by the terminal",
        "! COM3 was unplugged. Plug it in again: posretire waits 30 s and goes on where it was.",
        "· COM3 is back; going on.",
    ]
    assert "\x1b" not in text


def test_bars_leave_the_same_lines_on_a_console():
    view, text = shown(console=True)
    assert isinstance(view, BarView)
    for line in ("Wipe keys and memory", "(100 / 100 blocks)", "R20261122-TEST23", "Attestation by the terminal"):
        assert line in text


@pytest.mark.parametrize("console", [False, True])
def test_progress_without_a_beginning_and_odd_numbers_end_nothing(console):
    stream = Console(console)
    view = progress_view(texts_of("zh"), Output(stream))
    view.show({"event": "progress", "step": "new-step", "done": 5, "total": 0, "unit": "bytes"})
    view.show({"event": "progress", "step": "new-step", "done": -1, "total": 10, "unit": "widgets"})
    view.show({"event": "step", "step": "new-step", "state": "done"})
    view.pause()
    assert "new-step" in stream.getvalue()


@pytest.mark.parametrize(
    ("octets", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1 << 20, "1.0 MiB"), (3 << 30, "3.0 GiB")],
)
def test_sizes(octets, text):
    assert size(octets) == text


def test_amounts():
    assert amount(texts_of("en"), 512, 2048, "bytes") == "512 B / 2.0 KiB"
    assert amount(texts_of("zh"), 1000, 2000, "blocks") == "1,000 / 2,000 块"


def test_an_unknown_finding_is_shown_with_its_facts():
    assert finding_text(texts_of("en"), {"code": "new-one", "facts": {"count": 3}}) == "new-one (count=3)"
    assert finding_text(texts_of("en"), {"code": "new-one"}) == "new-one ()"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "merchant number, settlement account"), ("zh", "商户号、结算账户")]
)
def test_bindings_are_named_in_the_reader_s_language(language, said):
    facts = {"names": "merchant_number, settlement_account"}
    assert said in finding_text(texts_of(language), {"code": "bindings-pending", "facts": facts})
