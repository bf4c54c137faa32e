import pytest

from agent.errors import ExitCode, UsageFault
from agent.policy import MAX_RULES_BYTES, Policy, WorkOrder, load_policy, load_work_order


def written(tmp_path, text):
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_the_strictest():
    policy = Policy()
    assert policy.unsettled_batch == "refuse"
    assert policy.minimum_evidence_level == 2
    assert policy.waivers == {}


def test_a_policy_file_is_read(tmp_path):
    path = written(tmp_path, 'unsettled_batch = "accept"\naccept_unsettled_reason = "已与收单机构核对"\n')
    policy = load_policy(path)
    assert policy.waivers == {"unsettled-batch": "已与收单机构核对"}


def test_a_policy_names_a_timestamp_authority(tmp_path):
    policy = load_policy(written(tmp_path, 'timestamp = "require"\ntimestamp_authority = "https://tsa.example/"\n'))
    assert (policy.timestamp, policy.timestamp_authority) == ("require", "https://tsa.example/")
    assert (Policy().timestamp, Policy().timestamp_authority) == ("prefer", "")


def test_a_work_order_file_is_read(tmp_path):
    path = written(tmp_path, 'number = "W-7"\ntusn = ["9999990200000007"]\nrecipients = ["age1test"]\n')
    assert load_work_order(path) == WorkOrder("W-7", tusn=("9999990200000007",), recipients=("age1test",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("surprise = 1", "policy-value"),
        ('read_back = "never"', "policy-value"),
        ("platform_approval = 1", "policy-value"),
        ("minimum_evidence_level = true", "policy-value"),
        ("minimum_evidence_level = 4", "policy-value"),
        ("minimum_evidence_level = 9", "policy-value"),
        ("prove_erasure = 1", "policy-value"),
        ('timestamp = "always"', "policy-value"),
        ("timestamp_authority = 1", "policy-value"),
        ("minimum_battery_percent = 101", "policy-value"),
        ('unsettled_batch = "accept"', "policy-reason-missing"),
        ("= broken", "policy-unreadable"),
        ("x = " + "[" * 5000, "policy-unreadable"),
        ("#" * (MAX_RULES_BYTES + 1), "policy-unreadable"),
        ("minimum_evidence_level = " + "1" * 5000, "policy-unreadable"),
        ('waive_export_reason = "a\\nb"', "policy-value"),
        ('waive_export_reason = "' + "x" * 501 + '"', "policy-value"),
        ('waive_export_reason = " "', "policy-reason-missing"),
        ("export_retention_days = 30", "policy-retention"),
        ('export_retention_basis = "law"', "policy-retention"),
        ('export_retention_days = -1\nexport_retention_basis = "law"', "policy-value"),
        ('export_retention_days = 36526\nexport_retention_basis = "law"', "policy-value"),
        ('export_retention_days = "30"\nexport_retention_basis = "law"', "policy-value"),
        ('export_retention_days = 30\nexport_retention_basis = " "', "policy-value"),
        ('unsettled_batch = "accept"\naccept_unsettled_reason = "\\t"', "policy-reason-missing"),
    ],
)
def test_i10_a_bad_policy_ends_in_one_usage_error(tmp_path, text, code):
    with pytest.raises(UsageFault) as fault:
        load_policy(written(tmp_path, text))
    assert fault.value.code == code
    assert fault.value.exit_code is ExitCode.USAGE


def test_i10_bytes_that_are_no_text_end_in_a_usage_error(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageFault):
        load_policy(path)


def test_i10_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageFault) as fault:
        load_work_order(tmp_path / "none.toml")
    assert "none.toml" in str(fault.value.facts["path"])


def test_i10_a_work_order_list_holds_texts_only(tmp_path):
    with pytest.raises(UsageFault):
        load_work_order(written(tmp_path, "tusn = [1]"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (r'number = "a\nb"', "number"),
        (r'reason = "a\u2028b"', "reason"),
        (r'authorisation = "\u001b[2J"', "authorisation"),
        ('reason = "' + "x" * 501 + '"', "reason"),
        (r'tusn = ["99", "9\n9"]', "tusn"),
        ("tusn = [" + '"",' * 10_001 + "]", "tusn"),
        (r'recipients = ["age1\u0000"]', "recipients"),
        (r'bindings = { merchant_number = "a\nb" }', "bindings"),
        ("bindings = { " + "n" * 65 + ' = "1" }', "bindings"),
        (r'platform_bindings = { "a\nb" = "1" }', "platform_bindings"),
        ('platform_reference = "  "', "platform_reference"),
        (r'"a\nb" = 1', "?"),
        ("x" * 65 + " = 1", "?"),
    ],
)
def test_i10_a_text_that_no_evidence_can_hold_is_refused_with_its_field(tmp_path, text, field):
    with pytest.raises(UsageFault) as fault:
        load_work_order(written(tmp_path, text))
    assert (fault.value.code, fault.value.facts) == ("work-order-value", {"field": field})


def test_texts_at_their_limits_are_taken(tmp_path):
    lines = [
        'reason = "' + "x" * 500 + '"',
        "tusn = [" + '"9",' * 10_000 + "]",
        "bindings = { " + "n" * 64 + ' = "1" }',
    ]
    order = load_work_order(written(tmp_path, "\n".join(lines)))
    assert (len(order.reason), len(order.tusn), list(order.bindings)) == (500, 10_000, ["n" * 64])


def test_blanks_around_what_decides_are_dropped(tmp_path):
    assert load_work_order(written(tmp_path, 'platform_reference = " TEST-77 "')).platform_reference == "TEST-77"
    assert load_work_order(written(tmp_path, 'platform_reference = ""')).platform_reference == ""
    policy = load_policy(written(tmp_path, 'waive_export_reason = """\nchip is dead\n"""'))
    assert policy.waivers == {"export-verification": "chip is dead"}


def test_how_long_an_export_is_kept_is_counted_from_its_day():
    assert Policy().retention_until("2026-11-25T23:59:59.999Z") == ""
    policy = Policy(export_retention_days=1826, export_retention_basis="accounting (TEST)")
    assert policy.retention_until("2026-11-25T23:59:59.999Z") == "2031-11-25"
