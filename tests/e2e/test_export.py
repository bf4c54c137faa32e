"""An export as its owner gets it: opened with stock age and tar, with ours, and from the copy elsewhere."""

import csv
import hashlib
import json
import shutil
import subprocess

import pytest

TOOLS = ("age", "age-keygen", "tar", "sha256sum")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs the Debian packages age, tar and coreutils"
)


def keys(tmp_path, count):
    files = [tmp_path / f"owner{number}.key" for number in range(count)]
    for file in files:
        subprocess.run(["age-keygen", "-o", file], capture_output=True, check=True)
    said = [subprocess.run(["age-keygen", "-y", file], capture_output=True, text=True, check=True) for file in files]
    return files, [each.stdout.strip() for each in said]


def listed(key, export):
    piped = f"age -d -i '{key}' '{export}' | tar t"
    return subprocess.run(["bash", "-o", "pipefail", "-c", piped], capture_output=True, text=True, check=True).stdout


def test_every_owner_opens_it_with_stock_tools_and_with_ours(technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 9, "--transactions", 500)
    files, recipients = keys(tmp_path, 2)
    usb = tmp_path / "usb"
    usb.mkdir()
    export = tmp_path / "export.age"
    given = [word for each in recipients for word in ("--recipient", each)]
    done = technician.run("export", terminal["target"], *given, "--out", export, "--backup", usb, "--json")
    assert done.code == 0, done.err
    assert (usb / "export.age").read_bytes() == export.read_bytes()

    names = listed(files[0], export).splitlines()
    assert names[:4] == ["manifest.json", "totals.json", "parameters.json", "transactions.jsonl"]
    assert len(names) == 204
    assert {listed(file, copy) for file in files for copy in (export, usb / "export.age")} == {"\n".join(names) + "\n"}

    stock, ours = tmp_path / "stock", tmp_path / "ours"
    stock.mkdir()
    subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"age -d -i '{files[1]}' '{export}' | tar x -C '{stock}'"], check=True
    )
    table = tmp_path / "t.csv"
    opened = technician.run("export", "open", export, "--identity", files[1], "--out", ours, "--csv", table, "--json")
    assert opened.code == 0, opened.err
    assert (opened.document["records"], opened.document["receipts"]) == (500, 200)
    assert subprocess.run(["diff", "-r", stock, ours], check=False).returncode == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert sum(int(row["amount"]) for row in csv.DictReader(file)) == sum(
            row["amount"] for row in opened.document["totals"]
        )

    manifest = json.loads((stock / "manifest.json").read_bytes())
    rows = {row["name"]: row for row in manifest["members"]}
    printed = subprocess.run(
        ["bash", "-c", "LC_ALL=C; sha256sum receipts/*.txt"], cwd=stock, capture_output=True, check=True
    )
    assert hashlib.sha256(printed.stdout).hexdigest() == rows["receipts/"]["sha256"]
    receipts = b"".join(path.read_bytes() for path in (stock / "receipts").iterdir())
    assert "卡号:".encode() in receipts
    assert "有效期".encode() not in receipts


def test_i1_a_copy_that_cannot_be_written_stops_the_case_with_exit_5(technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 9, "--transactions", 50)
    usb = tmp_path / "usb"
    usb.write_text("no folder")
    done = technician.retire(terminal, "--backup", usb)
    assert done.code == 5
    assert done.lines[-1]["error"] == "backup-unwritable"
    usb.unlink()
    done = technician.retire(terminal, "--backup", usb)
    assert done.code == 0
    (copy,) = usb.iterdir()
    verified = technician.run("verify", copy, "--trust", terminal["trust"], "--json")
    assert (verified.code, verified.document["result"]) == (0, "PASS")
    opened = technician.run("export", "open", copy, "--identity", technician.owner, "--json")
    assert opened.document["of_statement"] is True
