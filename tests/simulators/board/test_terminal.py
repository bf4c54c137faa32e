import hashlib

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pycose.keys import EC2Key  # type: ignore[attr-defined]
from pycose.messages import Sign1Message  # type: ignore[attr-defined]

from protocols.eat import decode_claims
from protocols.pmp import commands as c
from protocols.pmp import messages as m
from protocols.pmp.facts import Dataset, Phase, Refusal
from protocols.words import BindingState, Key, KeyKind, KeyState, PowerSource, RegionResult, TamperState, WipeState
from simulators.board import factory
from simulators.haike_h60.tables import MODEL
from simulators.hardware.identity import maker_root
from simulators.state import Blueprint
from tests.simulators.rig import NONCE, SEED, Rig, wipe_request


def attested(peer, phase, nonce=NONCE):
    """Ask for a token, and check its signature and chain with what is not ours."""
    token = peer.ask(c.ATTEST, m.Attest(phase, nonce)).token
    certificate = x509.load_der_x509_certificate(cbor2.loads(token).value[1][33])
    certificate.verify_directly_issued_by(maker_root("HAIKE-TEST")[1])
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    numbers = public.public_numbers()
    message = Sign1Message.decode(token)
    message.key = EC2Key(crv="P_256", x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big"))
    assert message.verify_signature()
    return decode_claims(bytes(message.payload or b"")), certificate


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def peer(rig):
    return rig.connect()


def test_it_says_who_it_is(peer):
    identity = peer.ask(c.IDENTIFY)
    assert (identity.maker, identity.model) == ("HAIKE-TEST", "haike-h60")
    assert (identity.firmware_name, identity.firmware_version, identity.hardware_version) == ("HKOS", "3.2.1", "H60-B")
    assert identity.tusn == factory.tusn_of(MODEL, SEED)
    assert identity.label_number == f"H60-{identity.tusn[-8:]}"
    assert (identity.boot_count, identity.wipe_count) == (1, 0)


def test_it_is_healthy_settled_and_bound(peer):
    status = peer.ask(c.STATUS)
    assert (status.tamper, status.power, status.paper) == (TamperState.INTACT, PowerSource.MAINS, True)
    assert (status.unsettled_count, status.unsettled_amount, status.locked) == (0, 0, False)
    assert {each.name for each in status.peripherals if each.ready} == {"printer", "scanner", "pin_pad"}
    bindings = {each.name: each for each in peer.ask(c.BINDINGS).bindings}
    assert len(bindings) == 8
    assert all(each.state is BindingState.BOUND and each.value for each in bindings.values())
    assert bindings["merchant_number"].value == factory.seeded_merchant(MODEL, SEED).merchant_number


def test_its_keys_are_loaded_and_one_survives(peer):
    slots = peer.ask(c.KEY_SLOTS).slots
    assert [slot.kind for slot in slots] == list(KeyKind)
    assert all(slot.state is KeyState.LOADED and slot.check_value != bytes(3) for slot in slots)
    assert [slot.slot for slot in slots if slot.survives_wipe] == [6]


def test_every_start_is_counted_and_draws_another_boot_id(tmp_path):
    seen = set()
    for count in range(1, 6):
        rig = Rig(tmp_path)
        assert rig.connect().ask(c.IDENTIFY).boot_count == count
        seen.add(rig.device.boot_id)
        assert rig.recorded[0] == ("boot", {"boot_count": count, "last_wipe": "IDLE"})
        rig.close()
    assert len(seen) == 5


def test_what_was_wiped_stays_wiped_through_restarts(tmp_path):
    rig = Rig(tmp_path)
    peer = rig.connect()
    peer.unbind()
    peer.wipe()
    rig.close()
    rig = Rig(tmp_path)
    peer = rig.connect()
    assert peer.ask(c.WIPE_STATUS).state is WipeState.DONE
    assert peer.ask(c.IDENTIFY).wipe_count == 1
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).records == 0
    assert all(each.state is BindingState.UNBOUND for each in peer.ask(c.BINDINGS).bindings)
    assert peer.ask(c.MEMORY_READ, m.MemoryRead(1, 0, 4096)).data == b"\xff" * 4096


def test_an_unsettled_batch_is_told_and_stops_the_menu_but_not_the_terminal(tmp_path):
    peer = Rig(tmp_path, blueprint=Blueprint("haike-h60", SEED, 40, 6)).connect()
    status = peer.ask(c.STATUS)
    assert status.unsettled_count == 6
    assert status.unsettled_amount > 0
    assert peer.go_to_unbinding().lines[0] == "有未结算交易"
    assert attested(peer, Phase.PRE)[0].unsettled == 6


def test_unbinding_by_the_menu_unbinds_everything(rig, peer):
    assert peer.unbind().lines[0] == "解绑成功"
    assert all(each.state is BindingState.UNBOUND and not each.value for each in peer.ask(c.BINDINGS).bindings)
    assert ("unbound", {}) in rig.recorded
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.PARAMETERS))
    assert b"merchant_number" not in peer.read_dataset(opened)
    assert peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL)).records == 40


def test_before_the_wipe_it_attests_without_telling_what_it_holds(peer):
    claims, certificate = attested(peer, Phase.PRE)
    assert (claims.phase, claims.nonce, claims.tusn) == (Phase.PRE, NONCE, factory.tusn_of(MODEL, SEED))
    assert (claims.wipe_state, claims.wipe_nonce) == (WipeState.IDLE, bytes(32))
    assert all(region.digest == b"" and region.result == RegionResult.NOT_ASKED for region in claims.regions)
    identity = peer.ask(c.IDENTIFY)
    public = certificate.public_key().public_bytes
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert hashlib.sha256(der).digest() == identity.key_fingerprint
    later, _ = attested(peer, Phase.POST)
    assert (later.phase, later.wipe_state) == (Phase.POST, WipeState.IDLE)
    assert all(region.digest == b"" for region in later.regions)


def test_after_the_wipe_it_attests_what_is_in_its_memory(rig, peer):
    peer.unbind()
    peer.wipe()
    claims, _ = attested(peer, Phase.POST, bytes(32))
    assert (claims.wipe_state, claims.wipe_nonce, claims.wipe_count) == (WipeState.DONE, NONCE, 1)
    assert {state for _, state in claims.bindings} == {BindingState.UNBOUND}
    regions = {region.region: region for region in peer.ask(c.MEMORY_MAP).regions}
    for claimed in claims.regions:
        region = regions[claimed.region]
        assert (claimed.start, claimed.size, claimed.wipeable) == (region.start, region.size, region.wipeable)
        if region.wipeable:
            assert claimed.digest == hashlib.sha256(bytes([region.blank]) * region.size).digest()
            assert claimed.result == RegionResult.ERASED
        else:
            assert (claimed.digest, claimed.result) == (b"", RegionResult.NOT_ASKED)


def test_an_attestation_tells_of_the_wipe_that_was_started_not_of_one_only_prepared(peer):
    peer.unbind()
    peer.wipe()
    peer.ask(c.WIPE_PREPARE, wipe_request(nonce=b"\x99" * 32))
    assert peer.ask(c.WIPE_STATUS).state is WipeState.PREPARED
    claims, _ = attested(peer, Phase.POST)
    assert (claims.wipe_state, claims.wipe_nonce) == (WipeState.DONE, NONCE)


def test_fault_low_battery(tmp_path):
    for fault, refused in (("low-battery", True), ("low-battery=29", True), ("low-battery=30", False)):
        rig = Rig(tmp_path / fault, fault)
        peer = rig.connect()
        status = peer.ask(c.STATUS)
        assert status.power is PowerSource.BATTERY
        assert status.battery_percent == (int(fault.partition("=")[2] or 5))
        peer.unbind()
        if refused:
            assert peer.refusal(c.WIPE_PREPARE, wipe_request()) is Refusal.LOW_BATTERY
        else:
            peer.wipe()


def test_fault_tamper(tmp_path):
    peer = Rig(tmp_path, "tamper").connect()
    assert peer.ask(c.STATUS).tamper is TamperState.TAMPERED
    for dataset in Dataset:
        assert peer.refusal(c.DATASET_OPEN, m.DatasetName(dataset)) is Refusal.TAMPERED
    assert peer.refusal(c.KEY_PRESS, m.KeyPress(peer.screen.serial, (Key.CANCEL,))) is Refusal.TAMPERED
    assert peer.refusal(c.WIPE_PREPARE, wipe_request()) is Refusal.TAMPERED
    assert peer.refusal(c.WIPE_START, m.WipeStart(bytes(16))) is Refusal.TAMPERED


def test_fault_paper_out(tmp_path):
    status = Rig(tmp_path, "paper-out").connect().ask(c.STATUS)
    assert not status.paper
    assert [each.name for each in status.peripherals if not each.ready] == ["printer"]


def test_fault_unknown_model(tmp_path):
    peer = Rig(tmp_path, "unknown-model").connect()
    assert peer.ask(c.IDENTIFY).model == "haike-x99"
    assert attested(peer, Phase.PRE)[0].hwmodel == b"haike-x99"


def test_fault_wrong_totals(tmp_path):
    peer = Rig(tmp_path, "wrong-totals").connect()
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    totals = peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle))
    assert totals.digest == hashlib.sha256(peer.read_dataset(opened)).digest()
    assert sum(each.count for each in totals.totals) == opened.records + 1


def test_fault_lies_about_wipe_shows_in_digests(tmp_path):
    peer = Rig(tmp_path, "lies-about-wipe").connect()
    peer.unbind()
    peer.wipe()
    claims, _ = attested(peer, Phase.POST)
    regions = {region.region: region for region in peer.ask(c.MEMORY_MAP).regions}
    for claimed in claims.regions:
        blank = hashlib.sha256(bytes([regions[claimed.region].blank]) * claimed.size).digest()
        if claimed.wipeable:
            assert claimed.result == RegionResult.ERASED
            assert claimed.digest != blank


def test_i9_fault_swap_identity_shows_another_terminal_after_the_wipe(tmp_path):
    rig = Rig(tmp_path, "swap-identity")
    peer = rig.connect()
    before = peer.ask(c.IDENTIFY)
    peer.unbind()
    peer.wipe()
    after = peer.ask(c.IDENTIFY)
    assert after.tusn != before.tusn
    assert after.key_fingerprint != before.key_fingerprint
    assert attested(peer, Phase.POST)[0].tusn == after.tusn


def test_faults_are_combined(tmp_path):
    status = Rig(tmp_path, "tamper", "paper-out", "low-battery=12").connect().ask(c.STATUS)
    assert (status.tamper, status.paper, status.battery_percent) == (TamperState.TAMPERED, False, 12)


def test_a_hundred_thousand_transactions_are_counted(tmp_path):
    rig = Rig(tmp_path, blueprint=Blueprint("haike-h60", SEED, 100_000, 0))
    peer = rig.connect()
    opened = peer.ask(c.DATASET_OPEN, m.DatasetName(Dataset.JOURNAL))
    assert (opened.records, opened.size) == (100_000, 12_800_000)
    totals = peer.ask(c.DATASET_TOTALS, m.DatasetHandle(opened.handle))
    assert sum(each.count for each in totals.totals) == 100_000
    rig.close()


def test_fault_lockout_near_leaves_one_attempt(tmp_path):
    rig = Rig(tmp_path, "lockout-near")
    assert rig.connect().ask(c.STATUS).password_attempts_left == 1


def test_fault_other_merchant_is_bound_to_another_shop(tmp_path):
    rig = Rig(tmp_path, "other-merchant")
    number = {each.name: each.value for each in rig.connect().ask(c.BINDINGS).bindings}["merchant_number"]
    assert number == factory.other_merchant(MODEL, SEED).merchant_number
    assert number != factory.facts_of(MODEL, rig.blueprint).merchant_number
    rig.close()
    again = Rig(tmp_path)
    assert number in again.connect().screen.lines


def test_fault_several_devices_lists_look_alikes_first(tmp_path):
    rig = Rig(tmp_path, "several-devices")
    peer = rig.connect()
    peer.press(Key.F1, Key.F4)
    tusn = factory.tusn_of(MODEL, SEED)
    rows = peer.type("42").lines[2:]
    own = [place for place, row in enumerate(rows) if tusn[-8:] in row]
    assert own == [2]
    assert [row.partition(" ")[2] for row in rows[:3]] == ["本机"] * 3
    assert peer.type("1").lines[2] != tusn
    peer.type("2" + factory.seeded_merchant(MODEL, SEED).merchant_number)
    peer.press(Key.CONFIRM)
    peer.type(factory.seeded_merchant(MODEL, SEED).unbinding_password)
    peer.press(Key.CONFIRM)
    peer.press(Key.CONFIRM)
    peer.type(factory.seeded_merchant(MODEL, SEED).unbinding_password)
    peer.press(Key.CONFIRM)
    assert rig.recorded[-2] == ("unbound-another", {})
    assert all(each.state is BindingState.BOUND for each in peer.ask(c.BINDINGS).bindings)


def test_faults_of_the_menu_reach_the_line(tmp_path):
    peer = Rig(tmp_path, "english-menu", "key-lost=2").connect()
    assert peer.screen.lines[2] == "Welcome"
    assert peer.press(Key.F1, Key.F4).lines[0] == "Functions"
    assert peer.ask(c.KEY_PRESS, m.KeyPress(peer.screen.serial, (Key.DIGIT_4,))) == m.Empty()
    assert peer.screen.lines[0] == "Functions"


def test_the_network_popup_goes_in_the_terminals_own_time(tmp_path):
    rig = Rig(tmp_path, "popup=network-lost")
    peer = rig.connect()
    while peer.press(Key.F2).lines[0] != "网络已断开" and peer.screen.lines[0] != "网络已断开":
        pass
    rig.turn_until(lambda: peer.screen.lines[0] == "海科融通 H60")
