import pytest

from protocols.words import KeyKind
from simulators.errors import SimulationError
from simulators.hardware.keystore import SIZE, KeyStore

# The AES-128 key of the examples in RFC 4493, section 4. The AES-CMAC of sixteen zero bytes under it was computed with
# openssl 3: head -c16 /dev/zero > z; openssl mac -cipher AES-128-CBC -macopt hexkey:2b7e… -in z CMAC
CHECK_VALUE = bytes.fromhex("7ad386")
RFC_4493_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")


@pytest.fixture
def store(tmp_path):
    return KeyStore.create(tmp_path / "keys.bin", {1: (KeyKind.TMK, RFC_4493_KEY), 8: (KeyKind.TDK, bytes(range(32)))})


def test_keys_are_in_their_slots(store):
    assert [slot for slot in range(1, 9) if store.holds_key(slot)] == [1, 8]
    assert store.read(0, 18) == bytes([KeyKind.TMK, 16]) + RFC_4493_KEY
    assert store.check_value(2) == bytes(3)
    assert store.check_value(1) == CHECK_VALUE
    assert store.check_value(8) not in (CHECK_VALUE, bytes(3))


def test_erasing_leaves_zeros_only_and_writes_over_the_same_file(store, tmp_path):
    path = tmp_path / "keys.bin"
    before = path.stat().st_ino
    store.erase()
    assert path.read_bytes() == bytes(SIZE)
    assert path.stat().st_ino == before
    assert not store.holds_key(1)
    assert store.check_value(1) == bytes(3)


@pytest.mark.parametrize("content", [None, b"", bytes(SIZE - 1)])
def test_a_file_of_another_size_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "keys.bin").write_bytes(content)
    with pytest.raises(SimulationError, match="state-broken"):
        KeyStore(tmp_path / "keys.bin")
