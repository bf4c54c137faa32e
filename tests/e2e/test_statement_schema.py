"""What a whole retirement leaves fits the published schema, and holds nothing that must not be kept."""

import base64
import json
from pathlib import Path

from jsonschema import Draft202012Validator


def test_a_retirement_with_all_that_people_say_fits_the_schema_and_is_clean(technician, simulate, tmp_path):
    terminal = simulate("--seed", "7", "--transactions", "50")
    said = ("--destination", "scrap (TEST)", "--property-number", "INV-7", "--media-source", "shop 12 (TEST)")
    end = technician.retire(terminal, *said).lines[-1]
    assert end["result"] == "PASS", end
    bundle = Path(end["bundle"])
    schema = technician.run("verify", "--schema").document
    envelope = json.loads((bundle / "statement.dsse.json").read_bytes())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(statement)] == []
    predicate = statement["predicate"]
    assert (predicate["media"]["property_number"], predicate["media"]["media_source"]) == ("INV-7", "shop 12 (TEST)")
    assert predicate["media"]["pre_sanitization_confidentiality"] == "not stated"
    assert predicate["sanitization"]["destination"] == "scrap (TEST)"
    assert predicate["terminal"]["measurements"]["before"] == predicate["terminal"]["measurements"]["after"]

    ledger = sorted(technician.home.glob("ledger*"))
    assert ledger
    scanned = technician.run("scan", bundle, *ledger, "--json")
    assert scanned.code == 0, scanned.out
    assert [Path(each["path"]).name for each in scanned.document["skipped"]] == ["export.age"]

    note = tmp_path / "note.txt"
    note.write_text("card 6200000000000005", encoding="utf-8")
    assert technician.run("scan", bundle, note).code == 6
    refused = technician.retire(terminal, "--destination", "6200000000000005")
    assert (refused.code, refused.lines[-1]["error"]) == (2, "text-with-card-number")
