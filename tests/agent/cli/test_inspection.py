"""What stands out on a terminal."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from agent.cli.inspection import Genuine, InspectionReport, check_genuine, money, read_inspection, word
from agent.evidence.trust.store import TrustStore
from agent.privacy import PLAIN
from protocols.terminal import Binding, Identity, KeySlot, Peripheral, Region, Status
from protocols.words import (
    Addressable,
    BindingKind,
    BindingState,
    KeyKind,
    KeyState,
    PowerSource,
    RegionHolds,
    TamperState,
)

IDENTITY = Identity(
    "9999990200000007", "HAIKE-TEST", "haike-h60", "H60-B", "HKOS", "3.2.1", "H60-00000007", 4, 0, b"k" * 32
)
STATUS = Status(
    TamperState.INTACT, PowerSource.MAINS, 90, True, False, 0, 0, 0, 3, False, (Peripheral("printer", True),)
)
BINDINGS = (
    Binding(BindingKind.MERCHANT, BindingState.BOUND, "merchant_number", "999100058120001"),
    Binding(BindingKind.DEVICE, BindingState.UNBOUND, "printer", ""),
)
SLOTS = (
    KeySlot(1, KeyKind.TMK, KeyState.LOADED, False, False, b"\x01\x02\x03"),
    KeySlot(2, KeyKind.TPK, KeyState.EMPTY, False, False, bytes(3)),
    KeySlot(6, KeyKind.IDENTITY, KeyState.LOADED, True, False, b"\x09\x09\x09"),
)
REGIONS = (Region(1, "journal", RegionHolds.JOURNAL, 0, 8192, 4096, True, Addressable.YES, 255),)
REPORT = InspectionReport(
    "tcp://x:1", "pmp", IDENTITY, STATUS, BINDINGS, SLOTS, REGIONS, True, Genuine("yes", "ROOT (TEST)")
)


def codes(report):
    return [finding["code"] for finding in report.findings()]


def test_a_sound_terminal_shows_only_the_plain_link():
    assert codes(REPORT) == ["link-plain"]
    assert REPORT.bound == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tamper": TamperState.TAMPERED}, "tamper"),
        ({"debug_enabled": True}, "debug-enabled"),
        ({"power": PowerSource.BATTERY, "battery_percent": 5}, "battery-low"),
        ({"unsettled_count": 3, "unsettled_amount": 1234}, "batch-unsettled"),
        ({"reversals_pending": 1}, "reversals-pending"),
        ({"locked": True, "password_attempts_left": 0}, "password-locked"),
        ({"password_attempts_left": 1}, "attempts-low"),
    ],
)
def test_states_that_stand_out(change, code):
    assert code in codes(replace(REPORT, status=replace(STATUS, **change)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"profile_known": False}, "profile-unknown"),
        ({"genuine": Genuine("no", why="eat-signature")}, "not-genuine"),
        ({"genuine": Genuine("unknown", why="makers-unknown")}, "maker-not-trusted"),
        ({"identity": replace(IDENTITY, label_number="H60-99999999")}, "label-differs"),
        ({"key_slots": (replace(SLOTS[0], escrowed=True),)}, "key-escrowed"),
        ({"key_slots": (replace(SLOTS[0], survives_wipe=True),)}, "key-survives"),
        ({"regions": (replace(REGIONS[0], addressable=Addressable.UNKNOWN),)}, "region-not-addressable"),
    ],
)
def test_facts_that_stand_out(change, code):
    assert code in codes(replace(REPORT, **change))


def test_i4_the_document_masks_the_bindings():
    document = REPORT.as_json()
    assert "'value': '999********0001'" in str(document)
    assert "999100058120001" not in str(document)


class Driver:
    family = "pmp"
    link = PLAIN

    def __init__(self, token=b""):
        self.token = token
        self.nonces = []

    def identity(self):
        return IDENTITY

    def status(self):
        return STATUS

    def bindings(self):
        return BINDINGS

    def key_slots(self):
        return SLOTS

    def memory_map(self):
        return REGIONS

    def attest(self, *, after_wipe, nonce):
        self.nonces.append(nonce)
        return self.token


def test_everything_is_read():
    assert read_inspection("tcp://x:1", cast(Any, Driver()), profile_known=True, genuine=REPORT.genuine) == REPORT


def test_a_broken_attestation_is_not_genuine_and_each_nonce_is_new():
    driver = Driver(b"nonsense")
    for _ in range(2):
        assert check_genuine(cast(Any, driver), TrustStore(), IDENTITY, datetime.now(UTC)).state == "no"
    assert len(set(driver.nonces)) == 2
    assert all(len(nonce) == 32 for nonce in driver.nonces)


def test_words_and_money():
    assert word(KeyKind.IDENTITY) == "identity"
    assert money(123456789) == "1,234,567.89"
    assert money(5) == "0.05"
