"""The page of an inspection for people."""

from __future__ import annotations

from agent.cli.inspection import InspectionReport, money, word
from agent.cli.masking import masked_binding
from agent.cli.output import Reporter
from agent.cli.progress import finding_text, size
from protocols.words import BindingState, PowerSource, TamperState


def show_inspection(reporter: Reporter, found: InspectionReport) -> None:
    """Write the page.

    Args:
        reporter: Where to.
        found: What the terminal said.
    """
    _identity(reporter, found)
    _state(reporter, found)
    _bindings(reporter, found)
    _memory(reporter, found)
    _findings(reporter, found)


def _identity(reporter: Reporter, found: InspectionReport) -> None:
    texts, identity = reporter.texts, found.identity
    reporter.heading(texts("inspect.identity"))
    reporter.field("TUSN", identity.tusn, "bold")
    reporter.field(texts("inspect.label"), identity.label_number)
    known = texts("inspect.profile-known" if found.profile_known else "inspect.profile-unknown")
    reporter.field(texts("inspect.model"), f"{identity.model} ({identity.maker}), {known}")
    reporter.field(texts("inspect.hardware"), identity.hardware_version)
    reporter.field(texts("inspect.firmware"), f"{identity.firmware_name} {identity.firmware_version}")
    counts = texts("inspect.counts", boots=identity.boot_count, wipes=identity.wipe_count)
    reporter.field(texts("inspect.history"), counts)
    style = {"yes": "good", "no": "bad"}.get(found.genuine.state, "warn")
    said = texts(f"inspect.genuine-{found.genuine.state}", maker=found.genuine.maker, why=found.genuine.why)
    reporter.field(texts("inspect.genuine"), said, style)
    reporter.field(texts("inspect.key"), identity.key_fingerprint.hex())
    speed = "" if found.baud is None else f" ({found.baud} baud)"
    link = found.link
    how = texts("inspect.private", version=link.tls_version, suite=link.cipher_suite)
    said = how if link.private else texts("inspect.plain")
    reporter.field(texts("inspect.link"), f"{found.target}{speed}, {found.family}, {said}")
    if link.private:
        reporter.field(texts("inspect.peer"), link.peer_certificate_sha256)


def _state(reporter: Reporter, found: InspectionReport) -> None:
    texts, status = reporter.texts, found.status
    reporter.heading(texts("inspect.state"))
    intact = status.tamper is TamperState.INTACT
    reporter.field(texts("inspect.tamper"), texts.word("tamper", word(status.tamper)), None if intact else "bad")
    battery = texts("inspect.battery", percent=status.battery_percent)
    power = texts.word("power", word(status.power))
    reporter.field(texts("inspect.power"), battery if status.power is PowerSource.BATTERY else f"{power}, {battery}")
    reporter.field(texts("inspect.batch"), _batch(reporter, found), "warn" if status.unsettled_count else None)
    tries = texts("inspect.locked") if status.locked else str(status.password_attempts_left)
    reporter.field(texts("inspect.attempts"), tries, "bad" if status.locked else None)
    devices = ", ".join(
        f"{texts.word('binding', each.name)} ({texts('inspect.ready' if each.ready else 'inspect.not-ready')})"
        for each in status.peripherals
    )
    reporter.field(texts("inspect.peripherals"), devices or "-")


def _batch(reporter: Reporter, found: InspectionReport) -> str:
    texts, status = reporter.texts, found.status
    if not status.unsettled_count and not status.reversals_pending:
        return texts("inspect.settled")
    return texts(
        "inspect.unsettled",
        count=status.unsettled_count,
        amount=money(status.unsettled_amount),
        reversals=status.reversals_pending,
    )


def _bindings(reporter: Reporter, found: InspectionReport) -> None:
    texts = reporter.texts
    reporter.heading(texts("inspect.bindings"))
    rows = []
    for binding in found.bindings:
        kind, state = texts.word("kind", word(binding.kind)), texts.word("binding-state", word(binding.state))
        value = masked_binding(binding) if binding.state is not BindingState.UNBOUND else "-"
        rows.append((kind, texts.word("binding", binding.name), state, value))
    reporter.table([texts(f"inspect.{name}") for name in ("kind", "binding", "bound", "value")], rows)


def _memory(reporter: Reporter, found: InspectionReport) -> None:
    texts = reporter.texts
    yes, no = texts("yes"), texts("no")
    reporter.heading(texts("inspect.keys"))
    reporter.table(
        [texts(f"inspect.{name}") for name in ("slot", "use", "loaded", "survives", "check")],
        [
            (
                slot.slot,
                slot.kind.name,
                texts.word("key-state", word(slot.state)),
                yes if slot.survives_wipe else no,
                slot.check_value.hex() if any(slot.check_value) else "-",
            )
            for slot in found.key_slots
        ],
    )
    reporter.heading(texts("inspect.memory"))
    reporter.table(
        [texts(f"inspect.{name}") for name in ("region", "holds", "start", "size", "wipeable", "addressable")],
        [
            (
                f"{region.region} {region.name}",
                texts.word("holds", word(region.holds)),
                f"{region.start:#010x}",
                size(region.size),
                yes if region.wipeable else no,
                texts.word("addressable", word(region.addressable)),
            )
            for region in found.regions
        ],
    )


def _findings(reporter: Reporter, found: InspectionReport) -> None:
    findings = list(found.findings())
    if findings:
        reporter.heading(reporter.texts("inspect.findings"))
    for finding in findings:
        reporter.item(finding_text(reporter.texts, finding), "warn")
