"""Step wipe: prepared under a nonce of this case, cleared by the policy, started once (I2)."""

from __future__ import annotations

from agent.clearance import clear_for_wipe
from agent.evidence.intent import INTENT, wipe_nonce
from agent.journal import Fact
from agent.wipe.plan import plan_wipe
from agent.wipe.run import prepare, wipe
from agent.workflow.case import Case
from agent.workflow.events import Progress
from protocols.terminal import WipeProgress
from protocols.words import WipeState


def run(case: Case) -> dict[str, Fact]:
    """Wipe the terminal. A wipe that the terminal calls failed goes on to be read back and signed as FAIL.

    Raises:
        PreconditionNotMet: The policy check gives no clearance (I2).
        OutcomeUnknown: Nobody knows how the wipe ended.
        StateUnknown: The answer to the start was lost.
    """
    case.require_same_terminal()
    tusn = case.inspected.identity.tusn
    nonce = wipe_nonce(case.folder.read(INTENT))
    plan = plan_wipe(case.driver.memory_map(), nonce, case.known_profile.wipe.technique)
    prepared, target = prepare(case.driver, plan, tusn)
    clearance = clear_for_wipe(
        case.request.policy, target, export=case.export, unbinding=case.unbinding, platform=case.platform
    )

    def advance(news: WipeProgress) -> None:
        case.report(Progress("wipe", news.blocks_done, news.blocks_total, "blocks"))

    case.changed = True
    case.wipe_started = case.clock.stamp()
    status = wipe(case.driver, prepared, target, clearance, case.clock, advance)
    case.wipe_ended = case.clock.stamp()
    if status.state is not WipeState.DONE:
        case.find("wipe-not-done", state=status.state.name.lower())
    return {
        "state": status.state.name.lower(),
        "keys_erased": status.keys_erased,
        "wipe_count": status.wipe_count,
        "boot_count": prepared.boot_count,
        "regions": [
            {"region": each.region, "result": each.result.name.lower(), "blocks": each.blocks_done}
            for each in status.regions
        ],
    }
