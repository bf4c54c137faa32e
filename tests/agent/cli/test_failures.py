"""Every exception becomes one code, one exit code and two sentences, and gives nothing away."""

import click
import pytest

from agent.cli.failures import Failure, failure_of, trace_lines
from agent.cli.texts import texts_of
from agent.errors import ExitCode, OutcomeUnknown, PreconditionNotMet, TerminalRefused, UsageFault
from protocols.errors import (
    DeadlineExceeded,
    DeviceRefused,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    StateUnknown,
)

PLANTED = "PLANTED-424242"


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (UsageFault("no-such-case", case="x"), "no-such-case", 2),
        (LinkLost("unplugged"), "link-lost", 3),
        (DeadlineExceeded("STATUS", 3), "no-answer", 3),
        (RemoteProtocolError("bad length", offset=3, excerpt=b"41111"), "line-garbled", 3),
        (DeviceRefused("WIPE_START", 13, "STILL_BOUND"), "terminal-refused", 4),
        (TerminalRefused("wrong-password", attempts_left=2), "wrong-password", 4),
        (PreconditionNotMet("not-confirmed"), "not-confirmed", 5),
        (KeyboardInterrupt(), "interrupted", 5),
        (click.exceptions.Abort(), "interrupted", 5),
        (StateUnknown("KEY_PRESS", LinkLost("gone")), "state-unknown", 7),
        (OutcomeUnknown("wipe-of-another"), "wipe-of-another", 7),
        (LocalProtocolError("used twice"), "defect", 70),
        (ValueError(PLANTED), "defect", 70),
        (MemoryError(), "defect", 70),
        (PermissionError(13, "Permission denied", "/somewhere"), "system-refused", 70),
        (click.NoSuchOption("--foo"), "usage-no-such-option", 2),
        (click.BadOptionUsage("--foo", "no value"), "usage-option-value", 2),
        (click.MissingParameter(param=click.Argument(["target"])), "usage-missing", 2),
        (click.BadParameter("x", param=click.Option(["--n"], type=int)), "usage-bad-value", 2),
        (click.BadParameter("x", param_hint="--n"), "usage-bad-value", 2),
        (click.BadParameter("x", param=click.Option(["--l"], type=click.Choice(["a", "b"]))), "usage-choice", 2),
        (click.UsageError("Got unexpected extra argument (x)"), "usage-extra", 2),
        (click.UsageError("odd"), "usage-other", 2),
    ],
)
def test_exit_codes_of_the_contract(error, code, exit_code):
    failure = failure_of(error)
    assert (failure.code, int(failure.exit_code)) == (code, exit_code)
    for language in ("en", "zh"):
        assert failure.what(texts_of(language))
        assert failure.action(texts_of(language))
        assert "?" not in failure.what(texts_of(language))


def test_the_json_document_is_english_and_whole():
    document = failure_of(TerminalRefused("wrong-password", attempts_left=2)).as_json()
    assert document["event"] == "error"
    assert document["facts"] == {"attempts_left": 2}
    assert document["exit"] == 4
    assert "2" in str(document["message"])


def test_a_refusal_of_the_terminal_is_said_in_words():
    failure = failure_of(DeviceRefused("WIPE_START", 13, "STILL_BOUND", "x"))
    assert "still bound" in failure.what(texts_of("en"))
    assert "仍与商户绑定" in failure.what(texts_of("zh"))


def test_a_code_without_texts_is_shown_with_its_facts():
    failure = Failure("brand-new", ExitCode.LINK, {"port": 7})
    assert failure.what(texts_of("en")) == "It ended with brand-new (port=7)."


def test_a_code_that_lacks_a_fact_has_a_text_without_it():
    assert "?" not in failure_of(PreconditionNotMet("unsettled-batch")).what(texts_of("en"))
    assert "?" not in failure_of(TerminalRefused("wrong-password")).what(texts_of("zh"))


def raised():
    secret = PLANTED
    try:
        try:
            raise ValueError(secret)
        except ValueError as first:
            raise RuntimeError(f"about {secret}") from first
    except RuntimeError as second:
        return second


def test_i4_a_trace_shows_places_and_classes_and_no_texts_or_variables():
    error = raised()
    lines = "\n".join(trace_lines(error))
    assert "ValueError" in lines
    assert "RuntimeError" in lines
    assert "test_failures.py" in lines
    assert PLANTED not in lines
    failure = failure_of(error)
    assert PLANTED not in failure.what(texts_of("en")) + str(failure.as_json())


def test_i4_the_excerpt_of_a_broken_frame_is_not_shown():
    failure = failure_of(RemoteProtocolError("bad", excerpt=b"4111111111111111"))
    assert "4111" not in str(failure.as_json())


def test_bindings_that_still_hold_are_named_in_the_reader_s_language():
    failure = failure_of(OutcomeUnknown("still-bound", names="merchant_number, printer"))
    assert "商户号、打印机" in failure.what(texts_of("zh"))
    assert failure.as_json()["facts"] == {"names": "merchant_number, printer"}
