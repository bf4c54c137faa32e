"""The guards of I1 to I3, each as the change that takes it away, and where its absence must be noticed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hunt:
    """Points of the exploration that notice it; see `tests.crash.hunt`.

    Args:
        module: Module of the kind.
        kind: Its name there.
        step: Step of the workflow whose points are tried; empty for the run as a whole.
        most: How many points at most.
    """

    module: str
    kind: str
    step: str = ""
    most: int = 6


@dataclass(frozen=True)
class Tests:
    """Tests that notice it: where a second guard behind this one keeps the terminal from harm.

    Args:
        path: Their file.
        names: As for ``-k``.
    """

    path: str
    names: str


@dataclass(frozen=True)
class Mutation:
    """A guard taken away.

    Args:
        name: Which.
        file: Where it stands.
        old: Its text, once in the file.
        new: What stands there instead.
        noticed: By what.
    """

    name: str
    file: str
    old: str
    new: str
    noticed: Hunt | Tests


TABLE = "agent/workflow/table.py"
ENGINE = "agent/workflow/engine.py"
RECALL = "agent/workflow/recall.py"
WIPE = "agent/workflow/steps/wipe.py"
UNBIND = "agent/workflow/steps/unbind.py"
VERIFY = "agent/export/verify.py"
SESSION = "agent/session.py"
CLEARANCE = "agent/clearance.py"

WHOLE_RUN = Hunt("agent_kills", "UNTOUCHED")
MISCOUNTED = Hunt("agent_kills", "MISCOUNTED")
DAMAGED = Hunt("agent_kills", "DAMAGED", "revoke", 2)
AGENT_AT_WIPE = Hunt("agent_kills", "AGENT", "wipe", 8)
AGENT_AT_UNBIND = Hunt("agent_kills", "AGENT", "unbind", 12)
LINE_AT_WIPE = Hunt("line_cuts", "CUT", "wipe", 12)
LINE_AT_UNBIND = Hunt("line_cuts", "CUT", "unbind", 40)
DISK_AT_WIPE = Hunt("disk_faults", "BROKEN", "wipe", 8)

MUTATIONS = (
    # ---------------------------------------------------------------- I1: no change before a verified export
    Mutation(
        "I1: the export is not verified at all",
        TABLE,
        '    Step("verify-export", Effect.READ, Resume.IDEMPOTENT, export.verify, recall=export.recall_verified),\n',
        "",
        WHOLE_RUN,
    ),
    Mutation(
        "I1: the intent is not journalled before the unbinding",
        TABLE,
        '    Step("intent", Effect.READ, Resume.IDEMPOTENT, intent.run, recall=intent.recall),\n',
        "",
        WHOLE_RUN,
    ),
    Mutation(
        "I1: the terminal's totals are not compared",
        VERIFY,
        "    differs = first_difference(terminal.totals, read_back.totals)\n",
        "    differs = None\n",
        MISCOUNTED,
    ),
    Mutation(
        "I1: a failed verification does not end the case",
        "agent/workflow/steps/export.py",
        "        if not reason:\n            raise\n",
        "",
        MISCOUNTED,
    ),
    Mutation(
        "I1: an export that was damaged meanwhile is taken up",
        VERIFY,
        "    if found != record.sha256:\n",
        "    if False:\n",
        DAMAGED,
    ),
    Mutation(
        "I1: the file on the disk is not what was written",
        VERIFY,
        "    if found != written.sha256:\n",
        "    if False:\n",
        Tests("tests/agent/export/test_verify.py", "exchanged_between or another_file_with"),
    ),
    Mutation(
        "I1: recipients are not counted",
        VERIFY,
        "    if found != expected or len(header.x25519_shares) != expected or header.other_types:\n",
        "    if False:\n",
        Tests("tests/agent/export/test_verify.py", "recipient"),
    ),
    Mutation(
        "I1: the terminal's digest is not compared",
        VERIFY,
        "    if journal.digest != terminal.digest or journal.size != journal.announced_size:\n",
        "    if False:\n",
        Tests("tests/agent/export/test_verify.py", "digest_of_the_terminal"),
    ),
    Mutation(
        "I1: the terminal's count is not compared",
        VERIFY,
        "        if count != read_back.records:\n",
        "        if False:\n",
        Tests("tests/agent/export/test_verify.py", "count_of_the_terminal or fewer_transactions"),
    ),
    Mutation(
        "I1: the terminal's digest of its receipts is not compared",
        VERIFY,
        "    if receipts.digest != receipts.terminal.digest:\n",
        "    if False:\n",
        Tests("tests/agent/export/test_receipts.py", "i1_"),
    ),
    Mutation(
        "I1: no further copy is made before anything is changed",
        "agent/workflow/steps/export.py",
        "    case.copies = backup.keep_export(case)\n",
        "",
        Tests("tests/agent/workflow/test_backup.py", "every_copy or i1_"),
    ),
    Mutation(
        "I1: a further copy is not read back",
        "agent/export/copies.py",
        "        if sha256 not in (None, found) or digest_on_disk(partial) != found:\n",
        "        if False:\n",
        Tests("tests/agent/export/test_copies.py", "i1_"),
    ),
    Mutation(
        "I1: leave to wipe without an export",
        CLEARANCE,
        "    if export is None and not policy.waive_export_reason.strip():\n",
        "    if False:\n",
        Tests("tests/agent/test_clearance.py", "i1_"),
    ),
    # ---------------------------------------------------------------- I2: no wipe without its clearance
    Mutation(
        "I2: leave to wipe without proof of the unbinding",
        CLEARANCE,
        "    if unbinding is None or unbinding.tusn != target.tusn:\n",
        "    if False:\n",
        Tests("tests/agent/test_clearance.py", "i2_"),
    ),
    Mutation(
        "I2: leave to wipe without the platform's word",
        CLEARANCE,
        "    if platform is None and policy.platform_approval:\n",
        "    if False:\n",
        Tests("tests/agent/test_clearance.py", "i2_"),
    ),
    Mutation(
        "I2: a clearance is good for ever",
        CLEARANCE,
        "        if self._spent:\n",
        "        if False:\n",
        Tests("tests/agent/test_clearance.py", "i2_"),
    ),
    Mutation(
        "I2: a clearance is good for any wipe",
        CLEARANCE,
        "        if target != self.target:\n",
        "        if False:\n",
        Tests("tests/agent/test_clearance.py", "i2_"),
    ),
    Mutation(
        "I2: anybody makes a clearance",
        CLEARANCE,
        "        if seal is not _SEAL:\n",
        "        if False:\n",
        Tests("tests/agent/test_clearance.py", "i2_"),
    ),
    Mutation(
        "I2: a destructive command goes without one",
        SESSION,
        "        if (spec.effect is Effect.DESTRUCTIVE) is not (authorisation is not None):\n",
        "        if False:\n",
        Tests("tests/agent/test_session.py", "i2_"),
    ),
    Mutation(
        "I2: a clearance is not used up by sending",
        SESSION,
        "            authorisation.clearance.spend(authorisation.target)\n",
        "            pass\n",
        Tests("tests/agent/test_session.py", "i2_"),
    ),
    # ---------------------------------------------------------------- I3: nothing is done twice
    Mutation(
        "I3: what may change something is asked twice",
        SESSION,
        "        if spec.effect is Effect.READ:\n            return next",
        "        if True:\n            return next",
        Tests("tests/agent/test_session.py", "i3_"),
    ),
    Mutation(
        "I3: the line's end is not the end of knowing",
        SESSION,
        "            raise StateUnknown(spec.name, fault) from None\n",
        "            raise\n",
        Tests("tests/agent/test_session.py", "i3_"),
    ),
    Mutation(
        "I3: no intent is written before the act",
        ENGINE,
        "    case.journal.write(JournalEvent.INTENT, step.name)\n",
        "",
        AGENT_AT_WIPE,
    ),
    Mutation(
        "I3: what was begun is begun again",
        ENGINE,
        "    if begun is None:\n        return step.run\n",
        "    return step.run\n",
        AGENT_AT_WIPE,
    ),
    Mutation(
        "I3: what was done is done again",
        ENGINE,
        "        if step.name in before.done:\n",
        "        if False:\n",
        Hunt("agent_kills", "AGENT", "validate", 4),
    ),
    Mutation(
        "I3: a step of unknown end counts as not begun",
        RECALL,
        "        elif entry.event is JournalEvent.NOTE and entry.step == RESUMED",
        "        elif entry.event is JournalEvent.UNKNOWN:\n"
        "            begun.pop(entry.step, None)\n"
        "        elif entry.event is JournalEvent.NOTE and entry.step == RESUMED",
        LINE_AT_WIPE,
    ),
    Mutation(
        "I3: a lost line is a definite end",
        ENGINE,
        "not isinstance(failure, OutcomeUnknown | LinkFault) and",
        "",
        LINE_AT_UNBIND,
    ),
    Mutation(
        "I3: a disk of ours is a definite end",
        ENGINE,
        " and failure.code not in OF_THIS_SIDE",
        "",
        DISK_AT_WIPE,
    ),
    Mutation(
        "I3: the terminal is not asked for its wipe",
        WIPE,
        "    if status.nonce != nonce or status.state not in UNDER_WAY_OR_OVER:\n        return run(case)\n",
        "    return run(case)\n",
        AGENT_AT_WIPE,
    ),
    Mutation(
        "I3: the bindings are not read before the unbinding",
        UNBIND,
        "    if any(each.state is BindingState.BOUND for each in case.driver.bindings()):\n",
        "    if True:\n",
        AGENT_AT_UNBIND,
    ),
    Mutation(
        "I3: an unbinding of unknown end changed nothing",
        UNBIND,
        "        except (TerminalRefused, PreconditionNotMet, UsageFault, ProtocolError):\n",
        "        except (TerminalRefused, PreconditionNotMet, UsageFault, ProtocolError, OutcomeUnknown):\n",
        LINE_AT_UNBIND,
    ),
    Mutation(
        "I3: where everything begins is forgotten",
        "agent/workflow/resume.py",
        '        return "intent" not in self.recollection.done\n',
        "        return True\n",
        AGENT_AT_WIPE,
    ),
)
