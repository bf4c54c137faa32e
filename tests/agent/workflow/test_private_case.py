"""Whole cases on private links: what the evidence says of them, and what stops a case."""

import json
import select
import socket
import threading
import time
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from agent.errors import ExitCode, LinkFault, PreconditionNotMet
from agent.evidence.facts import Result
from agent.evidence.trust.store import TrustStore
from agent.evidence.verify import verify_bundle
from agent.ledger.store import Ledger
from agent.policy import Policy
from agent.workflow.retire import retire, trust_folders
from protocols.pmp.link import Link, LinkSettings, LinkState, MessageReceived, Role
from simulators.hardware.identity import make_identity
from simulators.pmp.tls import tls_opener
from tests.agent.private_rig import MAKER, channels


def found(desk):
    told = [event.as_json() for event in desk.events]
    return [each["code"] for each in told if each["event"] == "finding"]


def stopped(desk, kind, **changes):
    """Run a case that must stop before anything is changed, and check that nothing was."""
    before = (desk.state / "flash.img").read_bytes()
    with pytest.raises(kind) as fault:
        retire(desk.asking(**changes), desk.events.append)
    assert (desk.state / "flash.img").read_bytes() == before
    assert not desk.out.exists() or list(desk.out.iterdir()) == []
    return fault.value


def test_the_evidence_says_how_private_the_link_was_and_verifies(desk):
    outcome = retire(desk.request, desk.events.append)
    assert outcome.result is Result.PASS
    assert not {"link-plain", "link-downgraded"} & set(found(desk))
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    report = verify_bundle(outcome.bundle, trust)
    assert report.result is Result.PASS
    assert report.statement is not None
    (link,) = report.statement["links"]
    assert (link["private"], link["tls_version"]) == (True, "TLSv1.3")
    assert json.loads((outcome.bundle / "job.json").read_bytes())["link"] == link
    certificate = desk.simulation.terminal.device.channel_identity().certificate
    assert link["peer_certificate_sha256"] == certificate.fingerprint(SHA256()).hex()
    for name in ("device-pre.eat", "device-post.eat"):
        assert bytes.fromhex(link["binding"]) in (outcome.bundle / name).read_bytes()
    with Ledger.open(desk.home) as ledger:
        noted = [entry for entry in ledger.entries(outcome.case) if (entry.event, entry.step) == ("NOTE", "link")]
    assert [dict(entry.facts) for entry in noted] == [link]


def test_a_plain_link_is_a_finding_and_its_bundle_verifies_too(desk):
    outcome = retire(desk.asking(policy=Policy(link_privacy="plain")), desk.events.append)
    assert outcome.result is Result.PASS
    assert "link-plain" in found(desk)
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    report = verify_bundle(outcome.bundle, trust)
    assert report.result is Result.PASS
    assert report.statement is not None
    assert report.statement["links"] == [{**dict.fromkeys(report.statement["links"][0], ""), "private": False}]


def test_a_downgrade_is_a_finding_and_stops_where_privacy_is_required(desk_of):
    desk = desk_of(faults=["tls-none"])
    fault = stopped(desk, PreconditionNotMet, policy=Policy(link_privacy="require"))
    assert (fault.code, fault.exit_code) == ("link-not-private", ExitCode.PRECONDITION)
    assert retire(desk.request, desk.events.append).result is Result.PASS
    assert "link-downgraded" in found(desk)


def test_privacy_that_is_required_is_had(desk):
    assert retire(desk.asking(policy=Policy(link_privacy="require")), desk.events.append).result is Result.PASS


def test_privacy_cannot_be_required_where_no_maker_is_trusted(desk):
    fault = stopped(desk, PreconditionNotMet, trust_dirs=(), policy=Policy(link_privacy="require"))
    assert fault.code == "link-maker-missing"


@pytest.mark.parametrize("fault", ["tls-other-root", "tls-expired", "tls-revoked"])
def test_a_certificate_that_is_not_good_stops_the_case(desk_of, fault):
    ended = stopped(desk_of(faults=[fault]), LinkFault)
    assert ended.exit_code is ExitCode.LINK
    expected = {"tls-other-root": "unknown", "tls-expired": "expired", "tls-revoked": "revoked"}[fault]
    assert ended.code == f"link-certificate-{expected}"


def test_a_revoked_terminal_is_not_genuine_on_a_plain_link_either(desk_of):
    ended = stopped(desk_of(faults=["tls-revoked"]), PreconditionNotMet, policy=Policy(link_privacy="plain"))
    assert (ended.code, ended.facts["why"]) == ("terminal-not-genuine", "certificate-revoked")


class SocketRelay(threading.Thread):
    """Somebody on the network who ends the agent's channel with the key of another genuine terminal."""

    def __init__(self, target, home):
        super().__init__()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._far = socket.create_connection(target)
        stolen = make_identity(MAKER, "9999990200000099", "stolen from a genuine terminal")
        settings = LinkSettings.for_line(None)
        self._near_link = Link(Role.TERMINAL, settings, boot_id=5, channel=tls_opener(stolen))
        self._far_link = Link(Role.AGENT, settings, session=99, channel=channels(home))
        self.target = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.read = []

    def run(self):
        near, _ = self._server.accept()
        self._far_link.start(time.monotonic())
        sides = {near: self._near_link, self._far: self._far_link}
        while True:
            self._carry()
            for side, link in sides.items():
                link.handle_timeout(time.monotonic())
                side.sendall(link.bytes_to_send())
            for side in select.select(list(sides), [], [], 0.05)[0]:
                data = side.recv(65_536)
                if not data:
                    near.close()
                    return
                sides[side].receive_bytes(data, time.monotonic())

    def _carry(self):
        for source, target in ((self._near_link, self._far_link), (self._far_link, self._near_link)):
            while target.state is LinkState.OPEN and (event := source.next_event()) is not None:
                if isinstance(event, MessageReceived):
                    self.read.append(event.data)
                    target.send_message(event.data, time.monotonic())

    def close(self):
        self.join(20)
        self._far.close()
        self._server.close()


def test_i9_who_sits_between_two_private_links_is_caught_before_anything_is_changed(desk, tmp_path):
    host, port = desk.request.target.removeprefix("tcp://").split(":")
    relay = SocketRelay((host, int(port)), tmp_path / "thief")
    relay.start()
    try:
        desk.request = replace(desk.request, target=relay.target)
        ended = stopped(desk, PreconditionNotMet)
    finally:
        relay.close()
    assert (ended.code, ended.facts["why"]) == ("terminal-not-genuine", "eat-channel")
    assert ended.exit_code is ExitCode.PRECONDITION
    assert relay.read, "he did read what was said"
