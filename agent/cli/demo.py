"""``posretire demo``: a simulated terminal is retired before your eyes, with everything real but the terminal."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from agent.cli.command import Invocation, make_command, option
from agent.cli.texts import texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.cli.demo_flash import Search
    from agent.evidence.verify import Report
    from agent.workflow.request import RetireOutcome

SEED = 7
TRANSACTIONS = 300
AGENT_NAME = "posretire demo"
REASON = "demonstration"


def build(language: str) -> click.Command:
    """Make the command."""
    texts = texts_of(language)
    keep = option(texts, "--keep", "keep", key="keep", metavar="DIR")
    transactions = option(
        texts,
        "--transactions",
        "transactions",
        key="transactions",
        type=click.IntRange(1, 100_000),
        default=TRANSACTIONS,
        metavar="N",
    )
    return make_command(texts, "demo", demonstrate, [keep, transactions])


def demonstrate(invocation: Invocation, keep: str | None, transactions: int) -> ExitCode:
    """Start a terminal, retire it, verify the evidence, look into the flash."""
    from agent.cli.demo_terminal import running_terminal, simulate_command

    with _folder(keep) as folder:
        state = folder / "terminal"
        with running_terminal(simulate_command(state, SEED, transactions), folder / "terminal.log") as announced:
            planted = planted_texts(SEED, transactions, str(announced["tusn"]))
            _introduce(invocation, announced, planted, transactions)
            before = (state / "flash.img").read_bytes()
            outcome = _retire(invocation, folder, announced)
            after = (state / "flash.img").read_bytes()
        report = _verify(invocation, folder, announced, outcome)
        clean = _show_flash(invocation, before, after, planted)
        _finish(invocation, folder, keep, outcome)
        good = report.accepted and clean
        invocation.reporter.document(
            {
                "event": "end",
                "result": str(outcome.result),
                "verified": report.accepted,
                "flash_clean": clean,
                "case": outcome.case,
                "bundle": str(outcome.bundle),
                "kept": keep is not None,
            }
        )
    return ExitCode.DONE if good else ExitCode.VERIFICATION


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    """Give a folder for everything the demo makes; it goes again at the end, unless it is to be kept."""
    if keep is not None:
        folder = Path(keep)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageFault("demo-folder", path=keep)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise UsageFault("file-unwritable", path=keep, why=fault.strerror or "") from None
        yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="posretire-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def planted_texts(seed: int, transactions: int, tusn: str) -> dict[str, tuple[str, ...]]:
    """Return what the terminal was filled with, by group: all of it has to be gone afterwards.

    Args:
        seed: The terminal's seed.
        transactions: How many are in its journal.
        tusn: The terminal's serial number.
    """
    from protocols.pmp.records import JOURNAL_RECORD
    from simulators.data.journal import transactions as records
    from simulators.data.merchant import make_merchant

    accounts = {JOURNAL_RECORD.parse(record).account.hex().rstrip("f") for record in records(seed, transactions, 0)} - {
        ""
    }
    merchant = make_merchant(seed, tusn)
    return {
        "cards": tuple(sorted(accounts)),
        "merchant_number": (merchant.merchant_number,),
        "merchant_data": (merchant.merchant_name, merchant.credit_code, merchant.deployment_address),
        "settlement_account": (merchant.settlement_account,),
        "passwords": (merchant.unbinding_password, merchant.supervisor_password, merchant.system_password),
    }


def _introduce(
    invocation: Invocation, announced: Mapping[str, Any], planted: Mapping[str, tuple[str, ...]], transactions: int
) -> None:
    reporter, texts = invocation.reporter, invocation.texts
    reporter.document(
        {
            "event": "demo",
            "stage": "terminal",
            "test_data": True,
            **{name: announced.get(name) for name in ("target", "model", "tusn")},
        }
    )
    reporter.heading(texts("demo.terminal"))
    reporter.line(texts("demo.about"), indent=2)
    reporter.line()
    reporter.field(texts("inspect.model"), announced.get("model", "-"))
    reporter.field("TUSN", announced["tusn"])
    reporter.field(texts("inspect.link"), announced["target"])
    holds = texts("demo.holds", transactions=f"{transactions:,}", cards=len(planted["cards"]))
    reporter.field(texts("inspect.holds"), holds)
    reporter.heading(texts("demo.retire"))


def _retire(invocation: Invocation, folder: Path, announced: Mapping[str, Any]) -> RetireOutcome:
    """Retire it as `posretire retire --yes` would."""
    from agent.cli.commands.retire import Tracker
    from agent.cli.end_page import show_end
    from agent.clock import Clock
    from agent.evidence.keys.agent_key import AgentKey
    from agent.export.identity_file import new_recipient
    from agent.policy import Policy
    from agent.secret import Secret
    from agent.workflow.request import RetireRequest
    from agent.workflow.retire import retire

    home = folder / "home"
    AgentKey.create(home, AGENT_NAME, at=Clock().wall())
    request = RetireRequest(
        target=str(announced["target"]),
        home=home,
        out=folder / "bundles",
        merchant_number=str(announced["merchant_number"]),
        password=Secret(str(announced["password"])),
        recipients=(new_recipient(folder / "owner.key"),),
        trust_dirs=(Path(str(announced["trust"])),),
        reason=REASON,
        operator=AGENT_NAME,
        policy=Policy(prove_erasure=True),
    )
    try:
        outcome = retire(request, Tracker(invocation.reporter.event).report)
    finally:
        invocation.reporter.end_progress()
        request.forget()
    show_end(invocation.reporter, outcome)
    return outcome


def _verify(invocation: Invocation, folder: Path, announced: Mapping[str, Any], outcome: RetireOutcome) -> Report:
    """Verify the bundle as an auditor would, against the maker's and the agent's roots."""
    from agent.cli.commands.verify import as_json, show_report, verified

    report = verified(outcome.bundle, [folder / "home" / "trust", Path(str(announced["trust"]))])
    document = as_json(str(outcome.bundle), report)
    invocation.reporter.document({"event": "verified", "result": document["result"], "checks": document["checks"]})
    show_report(invocation.reporter, outcome.bundle.name, report)
    return report


def _show_flash(invocation: Invocation, before: bytes, after: bytes, planted: Mapping[str, tuple[str, ...]]) -> bool:
    """Search the flash for everything that was in it, and show a piece of it."""
    from agent.cli.demo_flash import first_place, hex_rows, search

    reporter, texts = invocation.reporter, invocation.texts
    was, remains = search(before, planted), search(after, planted)
    reporter.document({"event": "flash", "before": _as_json(was), "after": _as_json(remains)})
    reporter.heading(texts("demo.flash"))
    rows: list[tuple[object, ...]] = [
        (texts(f"demo.found.{name}"), f"{was.found[name]:,}", f"{remains.found[name]:,}") for name in planted
    ]
    rows.append((texts("demo.not-blank"), f"{was.not_blank:,}", f"{remains.not_blank:,}"))
    reporter.table([texts("demo.searched"), texts("demo.before"), texts("demo.after")], rows)
    reporter.line()
    place = first_place(before, planted["cards"])
    for title, image in (("demo.hex-before", before), ("demo.hex-after", after)):
        reporter.line(texts(title), "dim", indent=2)
        for row in hex_rows(image, place):
            reporter.raw("  " + row)
    reporter.line(texts("demo.remains"), "dim", indent=2)
    return was.anything and not remains.anything


def _as_json(found: Search) -> dict[str, object]:
    return {"found": dict(found.found), "not_blank": found.not_blank, "size": found.size}


def _finish(invocation: Invocation, folder: Path, keep: str | None, outcome: RetireOutcome) -> None:
    from agent.cli.end_page import show_evidence

    reporter, texts = invocation.reporter, invocation.texts
    reporter.heading(texts("demo.places"))
    if keep is None:
        reporter.line(texts("demo.gone"), indent=2)
        return
    show_evidence(reporter, outcome)
    reporter.field(texts("keys.identity"), folder / "owner.key")
    reporter.field(texts("demo.memory"), folder / "terminal" / "flash.img")
    reporter.line()
    key, export = quote(str(folder / "owner.key")), quote(str(outcome.bundle / "export.age"))
    reporter.raw(f"  age -d -i {key} {export} | tar tv")
    trust = " ".join(f"--trust {quote(str(folder / name / 'trust'))}" for name in ("home", "terminal"))
    reporter.raw(f"  posretire verify {quote(str(outcome.bundle))} \\")
    reporter.raw(f"      {trust}")
    reporter.raw(f"  sh {quote(str(outcome.bundle / 'verify.sh'))} \\")
    reporter.raw(f"      {trust} \\")
    reporter.raw(f"      {quote(str(outcome.bundle))}")
