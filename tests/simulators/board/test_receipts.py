import hashlib

import pytest

from protocols.pmp.commands import DATASET_OPEN
from protocols.pmp.facts import Dataset
from protocols.pmp.messages import DatasetName
from protocols.pmp.records import ReceiptCutter, ReceiptRecord
from simulators.board.factory import KEPT_RECEIPTS
from simulators.board.receipts import Receipts
from simulators.hardware.flash import BLOCK_BYTES, Flash
from simulators.hardware.record_log import RecordLog
from simulators.state import Blueprint
from tests.simulators.rig import Rig


@pytest.fixture
def log(tmp_path):
    flash = Flash.create(tmp_path / "flash.img", 1)
    yield RecordLog(flash, 0, BLOCK_BYTES)
    flash.close()


def test_a_view_holds_what_counts_by_number(log):
    receipts = Receipts(log)
    receipts.append(ReceiptRecord(3, 503, b"third"))
    receipts.append(ReceiptRecord(1, 501, b"gone"), deleted=True)
    receipts.append(ReceiptRecord(2, 502, b"second"))
    log.append(1, b"half erased")
    view = receipts.view()
    data = view.read(0, view.size)
    assert [each.text for each in ReceiptCutter().feed(data)] == [b"second", b"third"]
    assert (view.records, view.digest(), view.totals()) == (2, hashlib.sha256(data).digest(), ())
    assert view.read(3, 5) == data[3:8]


def test_a_receipt_printed_twice_is_there_once(log):
    receipts = Receipts(log)
    receipts.append(ReceiptRecord(1, 501, b"first"))
    receipts.append(ReceiptRecord(1, 501, b"again"))
    view = receipts.view()
    assert (view.records, view.read(10, 5)) == (1, b"again")


def test_a_terminal_gives_its_receipts_until_they_are_wiped(tmp_path):
    rig = Rig(tmp_path, blueprint=Blueprint("haike-h60", 7, 300, 0))
    peer = rig.connect()
    opened = peer.ask(DATASET_OPEN, DatasetName(Dataset.RECEIPTS))
    records = list(ReceiptCutter().feed(peer.read_dataset(opened)))
    assert len(records) == opened.records == KEPT_RECEIPTS
    assert all("测试凭证" in each.text.decode("gb18030") for each in records)
    assert any("有效期" in each.text.decode("gb18030") for each in records)
    peer.unbind()
    peer.wipe()
    assert peer.ask(DATASET_OPEN, DatasetName(Dataset.RECEIPTS)).records == 0
