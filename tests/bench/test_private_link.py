"""What TLS costs: bytes and time of a handshake, and the rate of a journal, beside a plain link in the same run."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from agent.connect import connect
from agent.evidence.trust.store import TrustStore
from agent.privacy import LinkPrivacy
from agent.workflow.privacy import private_channels
from tests.agent.private_rig import DEVICE, channels, now, tls_opener

RUNS = 5
HANDSHAKES = 50
RECORDS = 40_000
BITS_A_BYTE = 10


def shaken(mine, opener):
    """Shake hands in memory, and return the bytes of either side."""
    client, server = mine(), opener()
    client.start()
    sent = [0, 0]
    for _ in range(4):
        for side, (source, target) in enumerate(((client, server), (server, client))):
            said = source.outgoing()
            sent[side] += len(said)
            if said:
                target.receive(said)
    assert client.binding == server.binding
    return sent


def test_what_a_private_link_costs(capsys, tmp_path):
    mine, opener = channels(tmp_path / "home"), tls_opener(DEVICE)
    began = time.process_time()
    for _ in range(HANDSHAKES):
        agent, terminal = shaken(mine, opener)
    seconds = (time.process_time() - began) / HANDSHAKES

    command = [Path(sys.executable).with_name("posretire"), "simulate", "haike-h60", "--json"]
    command += ["--state", str(tmp_path / "state"), "--transactions", str(RECORDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        trust = TrustStore.load([Path(announced["trust"])])
        rates: dict[LinkPrivacy, list[float]] = {"plain": [], "prefer": []}
        for _ in range(RUNS):  # in turn, so that a slow moment of the machine meets both
            for rule, taken in rates.items():
                channel = private_channels(rule, trust, tmp_path / "home", now)
                with connect(announced["target"], channel=channel) as connected:
                    assert connected.driver.link.private is (rule == "prefer")
                    journal = connected.driver.open_journal()
                    began = time.perf_counter()
                    assert sum(1 for _ in journal.transactions()) == RECORDS
                    taken.append(journal.bytes_read / (time.perf_counter() - began))
        process.terminate()
    plain, private = (statistics.median(taken) for taken in rates.values())
    with capsys.disabled():
        print(f"\nhandshake: {agent} bytes of the agent, {terminal} of the terminal, {seconds * 1000:.1f} ms of both")
        for baud in (9_600, 115_200):
            print(f"  on a line of {baud:7} baud  {max(agent, terminal) * BITS_A_BYTE / baud:5.2f} s at least")
        print(
            f"journal over TCP: plain {plain / 1e6:.1f} MB/s, private {private / 1e6:.1f} MB/s, {private / plain:.2f} x"
        )
