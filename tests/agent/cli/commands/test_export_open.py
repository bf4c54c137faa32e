"""Opening an export and printing its schemas, as the owner does."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.cli.commands.export_open import open_with
from agent.export.content import ExportDetails
from tests.agent.export.fake_driver import DETAILS, Owner, fake_terminal, write
from tests.agent.export.sealed_identity import sealed


@pytest.fixture
def owner(tmp_path):
    return Owner(tmp_path)


@pytest.fixture
def export(tmp_path, owner):
    path = tmp_path / "export.age"
    write(fake_terminal(60, receipts=["终端号:T0000042", "有效期:30/12"]), path, owner)
    return path


def test_the_document(posretire, export, owner, tmp_path):
    said = posretire(
        "export", "open", export, "--identity", owner.file, "--csv", tmp_path / "t.csv", "--out", tmp_path / "un",
        "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    document = said.document
    assert (document["records"], document["receipts"], document["receipt_items_dropped"]) == (60, 2, 1)
    assert document["terminal"]["tusn"] == DETAILS.tusn
    assert document["elements"]["edition"] == "ISO 8583:1987"
    assert document["elements"]["amount"] == ["4"]
    assert (document["agrees_with_terminal"], document["of_statement"], document["retention_past"]) == (
        True, False, False,
    )  # fmt: skip
    assert len((tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()) == 61
    assert (tmp_path / "un" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Export opened", "DE 12, 13", "retrieval reference number", "2031-11-22", "1 items were left out")),
        ("zh", ("导出已打开", "DE 37", "检索参考号", "银联", "2031-11-22", "与终端自报的一致")),
    ],
)
def test_the_page(posretire, export, owner, language, words):
    said = posretire("export", "open", export, "--identity", owner.file, "--lang", language)
    assert said.code == 0
    assert [word for word in words if word not in said.out] == []


def test_options_may_stand_before_the_word(posretire, export, owner):
    said = posretire("export", "--json", "--lang", "zh", "open", export, "--identity", owner.file)
    assert said.document["records"] == 60


def test_a_date_that_is_past_is_told(posretire, tmp_path, owner):
    today = datetime.now(UTC).date()
    for until, past in ((today + timedelta(days=1), False), (today - timedelta(days=1), True)):
        details = ExportDetails(
            DETAILS.case, DETAILS.tusn, DETAILS.binding_key, DETAILS.time,
            retention_until=str(until), retention_basis="law (TEST)",
        )  # fmt: skip
        path = tmp_path / f"{until}.age"
        write(fake_terminal(), path, owner, details=details)
        assert posretire("export", "open", path, "--identity", owner.file, "--json").document["retention_past"] is past
        page = posretire("export", "open", path, "--identity", owner.file, "--lang", "en").out
        assert ("It was to be kept until" in page) is past


@pytest.mark.parametrize(
    ("what", "code", "error"),
    [
        ("other key", 2, "opened-no-key"),
        ("public key", 2, "identity-is-recipient"),
        ("no key", 2, "identity-unreadable"),
        ("no file", 2, "opened-missing"),
        ("not age", 2, "opened-no-age"),
        ("cut off", 6, "opened-broken"),
        ("taken", 2, "destination-exists"),
    ],
)
def test_each_error_is_one_line_and_its_exit_code(posretire, export, owner, tmp_path, what, code, error):
    key, file, more = owner.file, export, []
    if what == "other key":
        key = Owner(tmp_path, "other").file
    elif what == "public key":
        key = tmp_path / "public"
        key.write_text(owner.recipient)
    elif what == "no key":
        key = tmp_path / "gone"
    elif what == "no file":
        file = tmp_path / "gone"
    elif what == "not age":
        file = owner.file
    elif what == "cut off":
        export.write_bytes(export.read_bytes()[:-20])
    else:
        more = ["--out", tmp_path]
    said = posretire("export", "open", file, "--identity", key, *more, "--json")
    assert (said.code, said.document["error"]) == (code, error)
    assert str(owner.identity) not in said.out + said.err
    said = posretire("export", "open", file, "--identity", key, *more, "--lang", "zh")
    assert said.code == code
    assert len(said.err.splitlines()) == 2
    assert "Traceback" not in said.err


def test_an_identity_is_needed(posretire, export):
    assert posretire("export", "open", export, "--json").code == 2


@pytest.fixture
def bundle(terminal, owner, tmp_path, posretire):
    it = terminal()
    password = tmp_path / "password"
    password.write_text(it.announced["password"])
    said = posretire(
        "unbind", it.target, "--merchant", it.announced["merchant_number"], "--password-file", password,
        "--recipient", owner.recipient, "--trust", it.announced["trust"], "--out", tmp_path / "bundles",
        "--backup", tmp_path / "usb", "--yes", "--json",
    )  # fmt: skip
    assert said.code == 0, said.lines[-1]
    return Path(said.lines[-1]["bundle"])


def test_the_export_of_a_bundle_is_compared_with_its_statement(posretire, bundle, owner, tmp_path):
    for folder in (bundle, tmp_path / "usb" / bundle.name):
        document = posretire("export", "open", folder, "--identity", owner.file, "--json").document
        assert document["of_statement"] is True
        assert document["case"] == bundle.name
    write(fake_terminal(), bundle / "export.age", owner, replace=True)
    said = posretire("export", "open", bundle, "--identity", owner.file, "--out", tmp_path / "un", "--json")
    assert (said.code, said.document["error"]) == (6, "opened-other")
    assert not (tmp_path / "un").exists()
    assert posretire("export", "open", bundle / "export.age", "--identity", owner.file, "--json").code == 0
    (bundle / "statement.dsse.json").write_text("{}")
    said = posretire("export", "open", bundle, "--identity", owner.file, "--json")
    assert (said.code, said.document["error"]) == (6, "opened-statement")
    (bundle / "statement.dsse.json").unlink()
    assert posretire("export", "open", bundle, "--identity", owner.file, "--json").document["of_statement"] is False


@pytest.mark.parametrize("name", ["manifest", "transaction", "totals", "parameters"])
def test_a_schema_is_printed(posretire, name):
    plain, as_json = posretire("export", "schema", name), posretire("export", "schema", name, "--json")
    assert json.loads(plain.out) == as_json.document
    assert as_json.document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schemas_are_listed(posretire):
    assert posretire("export", "schema").out.split() == ["manifest", "transaction", "totals", "parameters"]
    assert len(posretire("export", "schema", "--json").document["schemas"]) == 4
    said = posretire("export", "schema", "x", "--json")
    assert (said.code, said.document["error"]) == (2, "schema-unknown")


class Typist:
    """Types a passphrase."""

    def __init__(self, text):
        self.text = text

    def there(self):
        return True

    def ask(self, _question):
        raise AssertionError

    def ask_secret(self, _question):
        return self.text


def test_a_passphrase_is_asked_for(export, owner, tmp_path, mocker):
    file = tmp_path / "sealed.key"
    file.write_bytes(sealed(str(owner.identity), "correct horse (TEST)"))
    invocation = mocker.MagicMock()
    assert open_with(invocation, str(export), (str(file),), None, None, Typist("correct horse (TEST)")) == 0
    document = invocation.reporter.document.call_args.args[0]
    assert document["records"] == 60
