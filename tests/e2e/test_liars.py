"""Terminals that lie, as processes of their own, over TCP and the command line: the same ends as the note says."""

import pytest

from tests.liars.table import LIARS, written_rows

TAKE_MINUTES = frozenset({"never-finishes", "stuck-progress", "endless-progress", "answers-late=export"})
"""What is given up only after a minute or more of real time; `tests/liars` tries these under a clock turned by hand."""

TRIED = [liar for liar in LIARS if not liar.resumed and liar.fault not in TAKE_MINUTES]


def noted(liar):
    """Return finding, exit code and result of a liar's row in the note."""
    row = next(row for row in written_rows() if row.startswith(f"| `{liar.name}` |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    return cells[3], int(cells[4]), cells[5]


@pytest.mark.parametrize("liar", TRIED, ids=lambda liar: liar.name)
def test_a_liar_ends_as_the_note_says(liar, technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 20, "--fault", liar.fault)
    policy = tmp_path / "policy.toml"
    lines = [f"{name} = {value if isinstance(value, int) else repr(value)}\n" for name, value in liar.policy.items()]
    policy.write_text("".join(lines), encoding="utf-8")
    done = technician.retire(terminal, "--policy", policy)
    finding, code, result = noted(liar)
    assert done.code == code, done.out + done.err
    end = done.lines[-1]
    if result == "-":
        assert end["error"] == finding
        assert list(technician.out.iterdir()) == []
        return
    assert (end["event"], end["result"]) == ("end", result)
    verified = technician.run("verify", end["bundle"], "--trust", terminal["trust"], "--json")
    assert verified.document["result"] == result
    found = verified.document["checks"]
    assert {check["status"] for check in found} != {"ok"} or result == "PASS" or end["findings"]


def test_a_twin_that_came_back_is_not_gone_on_with(technician, simulate):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 20, "--fault", "reboots-as-twin=tusn")
    case = technician.retire(terminal).lines[-1]["case"]
    resumed = technician.run("resume", case, "--trust", terminal["trust"], "--yes", "--json")
    assert resumed.code == 5, resumed.out + resumed.err
    assert resumed.lines[-1]["error"] == "case-other-terminal"
