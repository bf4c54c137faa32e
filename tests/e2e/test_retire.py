"""The main job as a technician does it: a terminal from bound and full to unbound, empty and proven."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.e2e.leaks import forms, occurrences, read_everything


def read_member(archive, member):
    with archive.extractfile(member) as content:
        return content.read()


def flat(needles):
    return {form for needle in needles for form in forms(needle)}


@pytest.mark.parametrize("line", ["tcp", "pty"])
def test_a_terminal_is_retired_and_nothing_of_its_data_is_left(line, technician, simulate, tmp_path):
    if line == "pty" and os.name != "posix":
        pytest.skip("a PTY needs a POSIX system")
    where = ("--listen", "127.0.0.1:0") if line == "tcp" else ("--pty", tmp_path / "line")
    terminal = simulate(*where, "--seed", 7, "--transactions", 2000)
    state = Path(terminal["state"])
    cards, references, values = read_everything(terminal["target"])
    planted = flat(cards | references | values | {terminal["merchant_number"], terminal["password"]})
    assert len(cards) > 100
    assert terminal["merchant_number"] in values
    before = {needle for _, needle in occurrences(state, planted)}
    assert len(before) > 100, "the search finds what is there"

    inspected = technician.run("inspect", terminal["target"], "--json", "--trust", terminal["trust"])
    assert inspected.code == 0, inspected.err
    assert terminal["tusn"] in inspected.out

    done = technician.retire(terminal)
    assert done.code == 0, done.out + done.err
    end = done.lines[-1]
    assert (end["event"], end["result"]) == ("end", "PASS")

    verified = technician.run("verify", end["bundle"], "--trust", terminal["trust"], "--json")
    assert verified.code == 0, verified.out
    assert verified.document["result"] == "PASS"
    assert {check["status"] for check in verified.document["checks"]} == {"ok"}

    # I4 and the emptied flash: nothing in the terminal's files (its identity key excepted), nothing in what was said.
    # A four-digit or shorter value would be found by chance; `values` holds none.
    assert occurrences(state, planted, leave_out={"identity.pem"}) == []
    said = "".join(technician.everything_said).encode()
    secrets = flat(cards | {terminal["merchant_number"], terminal["password"]})
    assert [needle for needle in secrets if needle in said] == []
    assert occurrences(technician.out, secrets) == []
    assert occurrences(technician.home, flat(cards | {terminal["merchant_number"], terminal["password"]})) == []


def test_the_export_opens_with_age_and_its_totals_are_the_terminals(technician, simulate, tmp_path):
    if shutil.which("age") is None:
        pytest.skip("age is missing: install Debian's package age")
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 3, "--transactions", 500)
    end = technician.retire(terminal).lines[-1]
    plain = tmp_path / "export.tar"
    subprocess.run(["age", "-d", "-i", technician.owner, "-o", plain, Path(end["bundle"]) / "export.age"], check=True)
    with tarfile.open(plain) as archive:
        members = {member.name: read_member(archive, member) for member in archive}
    transactions = [json.loads(line) for line in members["transactions.jsonl"].splitlines()]
    totals = json.loads(members["totals.json"])
    assert len(transactions) == 500
    assert totals["terminal"] == totals["computed"]
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in transactions:
        key = (each["kind"], each["scheme"])
        count, amount = sums.get(key, (0, 0))
        sums[key] = (count + 1, amount + each["amount"])
    assert sums == {(row["kind"], row["scheme"]): (row["count"], row["amount"]) for row in totals["terminal"]["totals"]}
    assert not re.search(rb"\d{13,19}", members["transactions.jsonl"]), "no full card number"


def test_i6_a_wrong_password_is_tried_once_and_the_attempts_left_are_shown(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    wrong = "000000" if terminal["password"] != "000000" else "111111"
    done = technician.retire(terminal, password=wrong)
    assert done.code == 4
    error = done.lines[-1]
    assert error["error"] == "wrong-password"
    assert error["facts"]["attempts_left"] == 2
    assert list(technician.out.iterdir()) == []
    after = technician.run("inspect", terminal["target"], "--json").document
    assert after["status"]["password_attempts_left"] == 2
    # and the right one still works afterwards
    assert technician.retire(terminal).lines[-1]["result"] == "PASS"


def test_a_wrong_merchant_number_stops_before_anything_is_tried(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    done = technician.retire(terminal, merchant="999100058120001")
    assert done.code == 4
    assert done.lines[-1]["error"] == "wrong-merchant-number"


def test_an_unsettled_batch_stops_the_case_and_nothing_is_changed(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50, "--unsettled", 3)
    flash = Path(terminal["state"]) / "flash.img"
    before = flash.read_bytes()
    done = technician.retire(terminal)
    assert done.code == 5
    assert done.lines[-1]["error"] == "unsettled-batch"
    assert flash.read_bytes() == before
    assert list(technician.out.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("lies-about-wipe", 6),
        ("skips-region=2", 6),
        ("skips-region=5", 6),
        ("cut-at-block=30", 7),
        ("wrong-totals", 6),
        ("low-battery=5", 5),
        ("tamper", 5),
        ("unknown-model", 5),
        ("swap-identity", 6),
        ("garbage", 3),
        ("silent", 3),
    ],
)
def test_a_faulty_terminal_never_passes(fault, code, technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 200, "--fault", fault)
    done = technician.retire(terminal)
    assert done.code == code, done.out + done.err
    assert '"PASS"' not in done.out


def test_i9_a_terminal_that_the_work_order_does_not_list_stops_the_case(technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    order = tmp_path / "order.toml"
    order.write_text('number = "W-1"\ntusn = ["9999990299999999"]\n', encoding="utf-8")
    done = technician.retire(terminal, "--work-order", order)
    assert done.code == 5
    assert done.lines[-1]["error"] == "tusn-not-listed"
    cases = technician.run("cases", "list", "--json").document
    assert cases["cases"][0]["tusn"] == terminal["tusn"], "and it is recorded"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("--recipient", "age1notarecipient"), 2),
        (("--policy", "no-such-file.toml"), 2),
        (("--trust", "no-such-folder"), 2),
    ],
)
def test_i10_wrong_arguments_are_one_clear_error(change, code, technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    done = technician.retire(terminal, *change)
    assert done.code == code, done.out + done.err
    assert done.lines[-1]["event"] == "error"
    assert done.lines[-1]["action"]


def test_an_out_folder_that_cannot_be_written_stops_the_case_before_the_line_is_opened(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    technician.out.write_text("a file is in the way")
    done = technician.retire(terminal)
    assert done.code == 5, done.out + done.err


def test_no_terminal_is_one_clear_error(technician):
    terminal = {
        "target": "tcp://127.0.0.1:1",
        "merchant_number": "999100058120001",
        "password": "123456",
        "trust": str(technician.home / "trust"),
    }
    done = technician.retire(terminal)
    assert done.code == 3
    assert len(done.lines) == 1


def test_a_bundle_with_one_flipped_byte_is_refused(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 50)
    end = technician.retire(terminal).lines[-1]
    for path in sorted(Path(end["bundle"]).iterdir()):
        good = path.read_bytes()
        path.write_bytes(good[: len(good) // 2] + bytes([good[len(good) // 2] ^ 1]) + good[len(good) // 2 + 1 :])
        refused = technician.run("verify", end["bundle"], "--trust", terminal["trust"], "--json")
        assert refused.code == 6, path.name
        path.write_bytes(good)
    assert technician.run("verify", end["bundle"], "--trust", terminal["trust"], "--json").code == 0


def test_the_demo_ends_in_a_verified_bundle(technician):
    done = technician.run("demo", "--json")
    assert done.code == 0, done.err
    assert (done.lines[-1]["result"], done.lines[-1]["verified"]) == ("PASS", True)
