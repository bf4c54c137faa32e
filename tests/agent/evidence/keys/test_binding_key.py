from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.keys.binding_key import binding_key, create_binding_key, load_binding_key


def code(call, *arguments) -> str:
    with pytest.raises((PreconditionNotMet, UsageFault)) as raised:
        call(*arguments)
    return raised.value.code


def test_the_key_of_a_case_is_kept_for_the_owner(tmp_path: Path) -> None:
    key = create_binding_key(tmp_path, "R1")
    assert len(key) == 32
    assert load_binding_key(tmp_path, "R1") == key
    assert create_binding_key(tmp_path, "R2") != key
    assert code(create_binding_key, tmp_path, "R1") == "keys-unwritable"
    assert code(load_binding_key, tmp_path, "R3") == "binding-key-missing"
    (tmp_path / "keys" / "cases" / "R2.key").write_bytes(b"00")
    assert code(load_binding_key, tmp_path, "R2") == "binding-key-missing"


def test_a_case_that_has_its_key_goes_on_with_it(tmp_path: Path) -> None:
    key = binding_key(tmp_path, "R1")
    assert binding_key(tmp_path, "R1") == key == load_binding_key(tmp_path, "R1")
    (tmp_path / "keys" / "cases" / "R1.key").write_text("not hex")
    assert code(binding_key, tmp_path, "R1") == "binding-key-missing"
