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
        ("minimum_evidence_level = 9", "policy-value"),
        ("minimum_battery_percent = 101", "policy-value"),
        ('unsettled_batch = "accept"', "policy-reason-missing"),
        ("= broken", "policy-unreadable"),
        ("x = " + "[" * 5000, "policy-unreadable"),
        ("#" * (MAX_RULES_BYTES + 1), "policy-unreadable"),
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
