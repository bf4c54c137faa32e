import logging
from random import Random

import pytest

from protocols.pmp import commands as c
from protocols.pmp import layouts
from protocols.pmp import messages as m
from protocols.pmp.facts import MessageKind, Refusal
from simulators.pmp.device import Refused
from simulators.pmp.dispatch import Dispatcher
from tests.simulators.rig import Rig


@pytest.fixture
def observed():
    return []


def dispatcher(handler, observed):
    return Dispatcher({c.REBOOT.id: handler}, lambda spec, refusal: observed.append((spec.name, refusal)))


def request(command, body=b"", tag=9):
    return c.build_message(c.Header(MessageKind.REQUEST, command, tag, 0), body)


def answered(answer):
    header, body = c.split_message(answer.message)
    assert (header.kind, header.tag) == (MessageKind.RESPONSE, 9)
    return header.status, body


def test_an_answer_repeats_command_and_tag(observed):
    answer = dispatcher(lambda _request, _now: m.Empty(), observed).answer(request(c.REBOOT.id), 1.0)
    assert answered(answer) == (0, b"")
    assert c.split_message(answer.message)[0].command == c.REBOOT.id
    assert observed == [("REBOOT", None)]


def test_a_refusal_carries_code_and_text(observed):
    def refuse(_request, _now):
        raise Refused(Refusal.WRONG_STATE, "正在擦除")

    status, body = answered(dispatcher(refuse, observed).answer(request(c.REBOOT.id), 1.0))
    assert status == Refusal.WRONG_STATE
    assert layouts.REFUSAL.parse(body).text == "正在擦除"
    assert observed == [("REBOOT", Refusal.WRONG_STATE)]


def test_what_is_not_known_is_an_unknown_command(observed):
    served = dispatcher(lambda _request, _now: m.Empty(), observed)
    for command in (0x7777, c.IDENTIFY.id):
        assert answered(served.answer(request(command), 1.0))[0] == Refusal.UNKNOWN_COMMAND
    assert observed == []


def test_a_body_that_breaks_the_layout_is_a_bad_request_and_reaches_no_handler(observed):
    def never(_request, _now):
        raise AssertionError

    assert answered(dispatcher(never, observed).answer(request(c.REBOOT.id, b"x"), 1.0))[0] == Refusal.BAD_REQUEST
    assert observed == []


@pytest.mark.parametrize(
    "message",
    [b"", bytes(7), bytes(8), request(c.REBOOT.id)[:-1], b"\x01\x01" + request(c.REBOOT.id)[2:],
     c.build_message(c.Header(MessageKind.RESPONSE, c.REBOOT.id, 9, 0)),
     c.build_message(c.Header(MessageKind.EVENT, 0x0202, 0, 0))],
)  # fmt: skip
def test_what_is_no_request_is_not_answered(observed, message):
    assert dispatcher(lambda _request, _now: m.Empty(), observed).answer(message, 1.0) is None


def test_a_defect_in_a_handler_is_one_busy_answer_and_one_line_in_the_log(observed, caplog):
    def fail(_request, _now):
        raise RuntimeError("a defect")

    with caplog.at_level(logging.ERROR):
        assert answered(dispatcher(fail, observed).answer(request(c.REBOOT.id), 1.0))[0] == Refusal.BUSY
    assert "REBOOT failed" in caplog.text


def test_i10_every_command_answers_garbage_with_a_documented_refusal(tmp_path, caplog):
    peer = Rig(tmp_path).connect()
    random = Random(20240101)
    destructive = {c.WIPE_START.id, c.REBOOT.id}
    for spec in c.COMMANDS.values():
        for _ in range(60):
            body = random.randbytes(random.choice([1, 2, 3, 5, 9, 14, 33, 34, 41, 300]))
            if spec.id in destructive and len(body) == spec.request.maximum:
                continue
            header, _ = peer.exchange(spec.id, body)
            assert header.status == 0 or Refusal(header.status) in spec.refusals | {
                Refusal.BAD_REQUEST,
                Refusal.BUSY,
                *((Refusal.UNKNOWN_COMMAND,) if spec is c.DATASET_SEND else ()),
            }, spec.name
    assert "failed" not in caplog.text
    assert peer.ask(c.IDENTIFY).boot_count == 1


def test_large_answers_say_so_and_name_their_dataset(observed):
    served = Dispatcher(
        {
            c.DATASET_READ.id: lambda request, _now: m.DataPiece(request.offset, b"piece"),
            c.DATASET_TOTALS.id: lambda _request, _now: m.DatasetTotals(0, bytes(32), ()),
        },
        lambda *_: None,
    )
    read = served.answer(request(c.DATASET_READ.id, c.DATASET_READ.request.build(m.DatasetRead(7, 0, 5))), 1.0)
    assert (read.bulk, read.handle) == (True, 7)
    totals = served.answer(request(c.DATASET_TOTALS.id, c.DATASET_TOTALS.request.build(m.DatasetHandle(7))), 1.0)
    assert not totals.bulk
