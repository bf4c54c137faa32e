import hashlib

from simulators.hardware.firmware import IMAGE_BYTES, measure


def test_the_same_firmware_is_measured_the_same_in_every_run():
    found = measure("HAIKE-TEST", "HKOS", "3.2.1")
    label = b"posretire TEST ONLY firmware HAIKE-TEST HKOS 3.2.1"
    assert found.digest == hashlib.sha256(hashlib.shake_256(label).digest(IMAGE_BYTES)).digest()
    assert (found.name, found.version, found.maker, found.size) == ("HKOS", "3.2.1", "HAIKE-TEST", IMAGE_BYTES)


def test_another_version_or_a_replaced_one_measures_otherwise():
    same = measure("HAIKE-TEST", "HKOS", "3.2.1")
    changed = measure("HAIKE-TEST", "HKOS", "3.2.1", changed=True)
    assert len({each.digest for each in (same, changed, measure("HAIKE-TEST", "HKOS", "3.2.2"))}) == 3
    assert (changed.name, changed.version) == (same.name, same.version)
