import dataclasses
import hashlib
import json

import pytest

from agent.export.content import BATCH_LINES, read_journal, read_parameters
from agent.export.spool import SealedSpool
from protocols.errors import LinkLost, LocalProtocolError, RemoteProtocolError
from tests.agent.export.fake_driver import DETAILS, PARAMETERS, RECORD_BYTES, SECRETS, fake_terminal, transaction


def read(folder, driver, progress=lambda _done, _total: None):
    with SealedSpool(folder) as spool:
        content = read_journal(driver.open_journal(), spool, progress)
        return content, b"".join(spool.chunks())


@pytest.mark.parametrize("records", [0, 1, BATCH_LINES - 1, BATCH_LINES, BATCH_LINES + 1, 3000])
def test_each_transaction_is_a_line(tmp_path, records):
    content, data = read(tmp_path, fake_terminal(records))
    lines = data.split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line)["number"] for line in lines] == list(range(1, records + 1))
    assert content.records == content.announced_records == records
    assert content.size == content.announced_size == records * RECORD_BYTES
    assert content.totals == content.terminal.totals
    assert content.digest == content.terminal.digest
    assert sum(row.count for row in content.totals) == records
    assert sum(row.amount for row in content.totals) == sum(transaction(n).amount for n in range(1, records + 1))


def test_progress_is_told_to_the_end(tmp_path):
    seen: list[tuple[int, int]] = []

    def progress(done, total):
        seen.append((done, total))

    read(tmp_path, fake_terminal(3000), progress)
    total = 3000 * RECORD_BYTES
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)
    assert len(seen) == 3000 // BATCH_LINES + 1
    seen.clear()
    read(tmp_path, fake_terminal(0), progress)
    assert seen == [(0, 0)]


def test_i10_a_terminal_that_never_ends_is_stopped(tmp_path):
    with pytest.raises(RemoteProtocolError, match="more transactions"):
        read(tmp_path, fake_terminal(5000, announced=1000))


def test_a_text_that_is_no_unicode_is_refused(tmp_path):
    driver = fake_terminal(1)
    driver.transaction = lambda number: dataclasses.replace(transaction(number), response="\ud800")
    with pytest.raises(RemoteProtocolError, match="Unicode"):
        read(tmp_path, driver)


def test_i4_a_driver_that_masks_nothing_ends_the_export(tmp_path):
    driver = fake_terminal(5)
    driver.transaction = lambda number: dataclasses.replace(transaction(number), account="4111111111111111")
    with pytest.raises(LocalProtocolError, match="not masked"):
        read(tmp_path, driver)


def test_errors_of_the_line_pass(tmp_path):
    def lost(_number):
        raise LinkLost("unplugged")

    driver = fake_terminal(5)
    driver.transaction = lost
    with pytest.raises(LinkLost):
        read(tmp_path, driver)


def test_i4_parameters_keep_to_the_whitelist():
    content = read_parameters(fake_terminal(parameters={"deployment_address": "4111 1111 1111 1111"}))
    assert content.values == {**PARAMETERS, "settlement_account": "621799*********0018"}
    assert content.withheld == ("deployment_address",)
    assert not set(content.values) & set(SECRETS)
    assert "测试商户" not in repr(content)


def test_i4_details_do_not_show_the_binding_key():
    assert DETAILS.binding_key.hex() not in repr(DETAILS)
    assert repr(DETAILS.binding_key) not in repr(DETAILS)
    assert hashlib.sha256(DETAILS.binding_key).hexdigest() not in repr(DETAILS)
