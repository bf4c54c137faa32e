"""Step inspect: who the terminal is, what state it is in, and its first attestation. Nothing is changed.

Whatever would stop the case later stops it here, before the long export: a tampered terminal, a low battery, a serial
number that is not on the order, another merchant's number, a password about to be locked out.
"""

from __future__ import annotations

from agent.errors import PreconditionNotMet, TerminalRefused
from agent.evidence.bundle import DEVICE_PRE
from agent.evidence.canonical import canonical_json
from agent.evidence.checks.terminal import MAX_REGION_BYTES, MAX_TOTAL_BYTES
from agent.evidence.eat import verify_eat
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.job import JOB, build_job, digest_of, make_job, nonce_pre
from agent.evidence.keys.binding_key import binding_key
from agent.journal import Fact
from agent.ledger.store import CaseState
from agent.merchant_number import implausible_part
from agent.policy import PROVEN
from agent.wipe.plan import flash_regions
from agent.workflow.case import Case, Inspection, ResumeInstead
from protocols.menu import GoalName
from protocols.profile import Profile
from protocols.terminal import Binding, Identity, Region, Status
from protocols.words import BindingState, PowerSource, TamperState

MERCHANT_NUMBER = "merchant_number"
LAST_ATTEMPT = 1
MAX_NAME = 64
TO_BE_ENDED = frozenset({CaseState.OPEN, CaseState.BROKEN_OFF})
REBINDING_GOALS: tuple[GoalName, ...] = ("bind", "test-transaction", "reversal")


def run(case: Case) -> dict[str, Fact]:
    """Inspect the terminal, write ``job.json`` and take the first attestation.

    Raises:
        PreconditionNotMet: The terminal may not be retired as it is, or is not the one of the order (I9).
        TerminalRefused: It is bound to another merchant number, or its password is locked.
    """
    driver = case.driver
    identity = driver.identity()
    case.ledger.set_terminal(case.number, identity.tusn, identity.model)
    _require_listed(case, identity)
    _tell_of_open_cases(case, identity)
    _require_platform(case)
    case.profile = case.profiles(identity.model)
    driver.expect_datasets(case.profile.link.datasets)
    status = driver.status()
    _tell_of_link(case)
    _require_fit(case, status)
    bindings = driver.bindings()
    _require_merchant(case, bindings)
    _compare_bindings(case, bindings)
    _require_keys(case)
    _require_rebinding(case)
    key_slots = driver.key_slots()
    regions = driver.memory_map()
    _require_regions(case.profile, regions)
    _require_proof(case, regions)

    key = binding_key(case.request.home, case.number)
    order = case.request.work_order
    job = build_job(
        make_job(
            case=case.number,
            identity=identity,
            bindings=bindings,
            binding_key=key,
            opened=case.opened,
            operator=case.request.operator,
            reason=case.request.reason or (order.reason if order else ""),
            work_order=order.number if order else "",
            policy_digest=digest_of(canonical_json(vars(case.request.policy))),
            link=driver.link,
        )
    )
    case.folder.write(JOB, job)
    token = driver.attest(after_wipe=False, nonce=nonce_pre(job))
    case.folder.write(DEVICE_PRE, token)
    genuine = _check_attestation(case, token, nonce_pre(job), identity)
    case.inspection = Inspection(identity, status, bindings, key_slots, regions, key)
    return {
        "tusn": identity.tusn,
        "model": identity.model,
        "firmware": f"{identity.firmware_name} {identity.firmware_version}",
        "boot_count": identity.boot_count,
        "wipe_count": identity.wipe_count,
        "device_key": identity.key_fingerprint.hex(),
        "genuine": genuine,
        "bound": [each.name for each in bindings if each.state is not BindingState.UNBOUND],
        "regions": [region.name for region in regions],
        "job": digest_of(job),
        "device_pre": digest_of(token),
    }


def _require_listed(case: Case, identity: Identity) -> None:
    """Stop at a terminal that the work order does not list (I9; PCI PIN, requirement 30-3)."""
    order = case.request.work_order
    if order and order.tusn and identity.tusn not in order.tusn:
        raise PreconditionNotMet("tusn-not-listed", tusn=identity.tusn, order=order.number or "-")


def _tell_of_open_cases(case: Case, identity: Identity) -> None:
    """Offer to take up an earlier case of this terminal that broke off, or say where it is.

    Its folder may hold the only export (I7).

    Raises:
        ResumeInstead: A person wants that one.
    """
    instead = case.request.instead
    for earlier in case.ledger.cases():
        if earlier.tusn == identity.tusn and earlier.state in TO_BE_ENDED and earlier.case != case.number:
            if instead is not None and instead(earlier.case):
                raise ResumeInstead(earlier.case)
            case.find("earlier-case-open", case=earlier.case, path=earlier.folder)


def _require_platform(case: Case) -> None:
    """Stop before the unbinding where the wipe would not be cleared for want of the platform's word (I2)."""
    order = case.request.work_order
    if case.request.policy.platform_approval and not (order and order.platform_reference.strip()):
        raise PreconditionNotMet("platform-approval-missing")


def _require_fit(case: Case, status: Status) -> None:
    if status.tamper is TamperState.TAMPERED:
        raise PreconditionNotMet("tampered")
    if status.tamper is TamperState.UNKNOWN:
        case.find("tamper-unknown")
    needed = case.request.policy.minimum_battery_percent
    if status.power is PowerSource.BATTERY and status.battery_percent < needed:
        raise PreconditionNotMet("battery-low", percent=status.battery_percent, needed=needed)
    if status.locked or status.password_attempts_left == 0:
        raise TerminalRefused("password-locked")
    if status.password_attempts_left <= LAST_ATTEMPT:
        raise PreconditionNotMet("password-attempts-too-few", attempts_left=status.password_attempts_left)
    if status.debug_enabled:
        case.find("debug-enabled")


def _tell_of_link(case: Case) -> None:
    """Record how private the link is, and say so where it is not."""
    case.note_link()
    if case.driver.link.private:
        return
    asked = case.request.policy.link_privacy != "plain" and case.trust.maker_roots
    case.find("link-downgraded" if asked and _offers_privacy(case.known_profile) else "link-plain")


def _offers_privacy(profile: Profile) -> bool:
    """Tell whether terminals of a model have private links."""
    return profile.link.private == "prefer"


def _require_merchant(case: Case, bindings: tuple[Binding, ...]) -> None:
    """Stop where the terminal or the order says that it belongs to another merchant: the common and costly mistake."""
    given, order = case.request.merchant_number, case.request.work_order
    if order and order.merchant_number and order.merchant_number != given:
        raise PreconditionNotMet("merchant-number-not-ordered", order=order.number or "-")
    bound = next((each for each in bindings if each.name == MERCHANT_NUMBER), None)
    if bound is None or bound.state is BindingState.UNBOUND:
        ordered = order is not None and bool(order.merchant_number)
        case.find("ordered-merchant-unconfirmed" if ordered else "merchant-unconfirmed")
    elif bound.value != given:
        raise TerminalRefused("wrong-merchant-number")


def _require_keys(case: Case) -> None:
    """Stop where nobody can press the keys: the terminal has no remote ones, and no person is guided."""
    profile = case.known_profile
    if profile.menu is not None and profile.menu.keys == "guided" and case.request.guide is None:
        raise PreconditionNotMet("menu-guided-only", model=profile.model)


def _require_rebinding(case: Case) -> None:
    """Stop before the unbinding where the new merchant number is mistyped, or the terminal's menu cannot bind one."""
    number = case.request.new_merchant_number
    if not number:
        return
    part = implausible_part(number)
    if part:
        raise PreconditionNotMet("merchant-number-implausible", part=part)
    profile = case.known_profile
    for goal in REBINDING_GOALS:
        if profile.menu is None or profile.menu.goal(goal) is None:
            raise PreconditionNotMet("menu-goal-missing", model=profile.model, goal=goal)


def _compare_bindings(case: Case, bindings: tuple[Binding, ...]) -> None:
    """Record where terminal, order and platform disagree about a binding; the values themselves stay out of it."""
    order = case.request.work_order
    values = {each.name: each.value for each in bindings if each.state is not BindingState.UNBOUND}
    if order is None or not values:
        return
    for source, expected in (("work order", order.bindings), ("platform", order.platform_bindings)):
        for name, value in expected.items():
            if values.get(name) != value:
                case.find("binding-differs", name=name[:MAX_NAME], source=source)


def _require_regions(profile: Profile, regions: tuple[Region, ...]) -> None:
    """Stop where the memory map lacks a region that this model has, or part of one: what is not named is not wiped."""
    total = 0
    for each in regions:
        total += each.size
        if each.wipeable and (each.size > MAX_REGION_BYTES or total > MAX_TOTAL_BYTES):
            raise PreconditionNotMet("region-oversized", region=each.name)  # no verifier would check it afterwards
    present = {region.name: region for region in regions}
    for expected in profile.regions:
        region = present.get(expected.name)
        if region is None or region.wipeable != expected.wipeable or region.holds is not expected.holds:
            raise PreconditionNotMet("region-missing", region=expected.name)
        if region.size < expected.least_size:
            raise PreconditionNotMet("region-shrunk", region=expected.name, size=region.size, least=expected.least_size)


def _require_proof(case: Case, regions: tuple[Region, ...]) -> None:
    """Stop before anything is changed where the policy wants a proof of erasure and the terminal cannot give it."""
    if not case.request.wipe or case.request.policy.minimum_evidence_level < PROVEN:
        return
    fillable = case.driver.fillable_regions()
    for each in flash_regions(regions):
        if each.region not in fillable:
            raise PreconditionNotMet("erasure-not-provable", region=each.name)


def _check_attestation(case: Case, token: bytes, nonce: bytes, identity: Identity) -> bool:
    """Check that the terminal is genuine, as far as the policy asks for it."""
    try:
        eat = verify_eat(
            token, case.trust, nonce, at=case.clock.wall(), binding=bytes.fromhex(case.driver.link.binding)
        )
    except NotCheckable:
        if case.request.policy.minimum_evidence_level >= 2:
            raise PreconditionNotMet("maker-not-trusted", maker=identity.maker) from None
        case.find("maker-not-trusted", maker=identity.maker)
        return False
    except EvidenceRejected as fault:
        raise PreconditionNotMet("terminal-not-genuine", why=fault.code) from None
    if (eat.claims.tusn, eat.key_fingerprint) != (identity.tusn, identity.key_fingerprint.hex()):
        raise PreconditionNotMet("terminal-not-genuine", why="eat-other-terminal")
    return True
