from agent.ledger.schema import CASES, JOURNAL


def test_a_journal_entry_is_named_by_case_and_sequence():
    assert [column.name for column in JOURNAL.primary_key] == ["case_id", "sequence"]
    assert [column.name for column in CASES.primary_key] == ["case_id"]


def test_no_column_may_be_empty_of_meaning():
    assert not any(column.nullable for table in (CASES, JOURNAL) for column in table.columns)
