"""From policy, trust and home to the channels of a command; whole cases on private links are in `test_private_case`."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.trust.store import TrustStore
from agent.workflow.privacy import private_channels
from tests.agent.private_rig import DEVICE, TRUST, now
from tests.agent.test_tls import joined, tls_opener


def test_a_plain_policy_and_a_home_that_trusts_no_maker_have_none(tmp_path: Path) -> None:
    assert private_channels("plain", TRUST, tmp_path, now) is None
    assert private_channels("prefer", TrustStore(), tmp_path, now) is None
    assert private_channels("prefer", TrustStore(makers=(DEVICE.certificate,)), tmp_path, now) is None


def test_privacy_cannot_be_required_of_terminals_that_nobody_vouches_for(tmp_path: Path) -> None:
    with pytest.raises(PreconditionNotMet, match="link-maker-missing"):
        private_channels("require", TrustStore(), tmp_path, now)


@pytest.mark.parametrize(("rule", "required"), [("prefer", False), ("require", True)])
def test_channels_know_whether_they_are_required(tmp_path: Path, rule, required: bool) -> None:
    made = private_channels(rule, TRUST, tmp_path, now)
    assert made is not None
    assert made.required is required


def test_the_agents_own_certificate_is_shown(tmp_path: Path) -> None:
    key = AgentKey.create(tmp_path, "desk (TEST)", at=datetime.now(UTC))
    made = private_channels("prefer", TRUST, tmp_path, now)
    assert made is not None
    server = tls_opener(DEVICE, [key.certificate])()
    joined(made(), server)
    assert server.established


def test_a_home_without_a_key_gets_none_and_nothing_is_left_of_the_throw_away_one(tmp_path: Path, monkeypatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    real = tempfile.mkdtemp

    def noted(*arguments, **named):
        made = real(*arguments, **named)
        kept.append(Path(made).stat().st_mode & 0o777)
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", noted)
    assert private_channels("prefer", TRUST, tmp_path / "home", now) is not None
    assert kept == [0o700] or os.name != "posix"
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX systems")
def test_i4_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    AgentKey.create(tmp_path, "desk (TEST)", at=datetime.now(UTC))
    (tmp_path / "keys" / "agent.key").chmod(0o644)
    with pytest.raises(PreconditionNotMet, match="agent-key-exposed"):
        private_channels("prefer", TRUST, tmp_path, now)


def test_a_broken_key_is_told_as_everywhere(tmp_path: Path) -> None:
    AgentKey.create(tmp_path, "desk (TEST)", at=datetime.now(UTC))
    (tmp_path / "keys" / "agent.key").write_text("nothing")
    with pytest.raises(PreconditionNotMet, match="agent-key-unreadable"):
        private_channels("prefer", TRUST, tmp_path, now)
