"""Keys are made and shown; private halves go into files alone."""


def test_a_signing_key_is_made_once(posretire, home):
    made = posretire("keys", "init", "--name", "bench 1 (TEST)", "--json").document
    assert made["self_signed"]
    assert "bench 1 (TEST)" in made["subject"]
    assert posretire("keys", "show", "--json").document == made
    assert posretire("keys", "--json").document["fingerprint"] == made["fingerprint"]
    again = posretire("keys", "init", "--json")
    assert (again.code, again.document["error"]) == (5, "agent-key-exists")
    assert "自签名" in posretire("keys", "show", "--lang", "zh").out


def test_no_key_yet(posretire):
    said = posretire("keys", "show", "--json")
    assert (said.code, said.document["error"]) == (5, "agent-key-missing")


def test_a_name_that_does_not_fit(posretire):
    assert posretire("keys", "init", "--name", "x" * 41, "--json").document["error"] == "agent-name"


def test_i4_a_recipient_is_shown_and_its_private_key_is_not(posretire, tmp_path):
    file = tmp_path / "owner.key"
    said = posretire("keys", "recipient", "--out", file)
    private = next(line for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY"))
    assert "age1" in said.out
    assert private not in said.out + said.err
    again = posretire("keys", "recipient", "--out", file, "--json")
    assert (again.code, again.document["error"]) == (2, "identity-file-exists")
    assert private in file.read_text()
