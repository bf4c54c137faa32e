"""Every system of the field: unbound, and retired, by the menu of its own terminal."""

import pytest

REMOTE = ("haike-h60", "dianzhanggui-d20", "shengfutong-s90", "lakala-l300", "unionpay-generic")


def given(terminal, folder):
    """The options that answer what this terminal's menu asks for, as files where they are secret."""
    words = []
    for name in ("operator_password", "second_password", "code"):
        if terminal.get(name):
            path = folder / name
            path.write_text(terminal[name] + "\n", encoding="utf-8")
            path.chmod(0o600)
            words += [f"--{name.replace('_', '-')}-file", path]
    if terminal.get("phone"):
        words += ["--phone", terminal["phone"]]
    return words


def asked_for(technician, terminal, folder, command, language):
    words = given(terminal, folder)
    if terminal.get("password"):
        technician.password.write_text(terminal["password"] + "\n", encoding="utf-8")
        technician.password.chmod(0o600)
        words += ["--password-file", technician.password]
    return technician.run(
        command,
        terminal["target"],
        "--merchant",
        terminal["merchant_number"],
        "--recipient",
        technician.recipient,
        "--out",
        technician.out,
        "--trust",
        terminal["trust"],
        "--yes",
        "--lang",
        language,
        *words,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["unbind", "retire"])
@pytest.mark.parametrize("model", REMOTE)
def test_a_terminal_of_each_system(model, command, language, technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 60, model=model)
    done = asked_for(technician, terminal, tmp_path, command, language)
    assert done.code == 0, done.out + done.err
    (bundle,) = technician.out.iterdir()
    verified = technician.run("verify", bundle, "--trust", terminal["trust"], "--json")
    assert verified.code == 0, verified.out
    assert verified.document["act"] == ("retirement" if command == "retire" else "unbinding")
    said = "".join(technician.everything_said)
    assert terminal["merchant_number"] not in said
    found = {finding["code"] for finding in verified.document["statement"]["findings"]}
    assert ("bindings-pending" in found) is (model == "dianzhanggui-d20")


def test_a_terminal_is_bound_to_its_next_merchant_and_tried(technician, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--seed", 7, "--transactions", 60)
    order = tmp_path / "order.toml"
    order.write_text('number = "W-9"\nnew_merchant_number = "999290058121234"\n', encoding="utf-8")
    technician.password.write_text(terminal["password"] + "\n", encoding="utf-8")
    technician.password.chmod(0o600)
    done = technician.run(
        "unbind",
        terminal["target"],
        "--merchant",
        terminal["merchant_number"],
        "--password-file",
        technician.password,
        "--recipient",
        technician.recipient,
        "--out",
        technician.out,
        "--trust",
        terminal["trust"],
        "--work-order",
        order,
        "--yes",
        "--json",
    )
    assert done.code == 0, done.out + done.err
    assert [line["step"] for line in done.lines if line.get("state") == "done"][-3:] == [
        "rebind",
        "test-transaction",
        "bundle",
    ]
    seen = technician.run("inspect", terminal["target"], "--json").document
    bound = {each["name"]: each["state"] for each in seen["bindings"]}
    assert bound["merchant_number"] == "bound"
