"""Remarks of the line on standard error."""

from __future__ import annotations

import io

import pytest

from agent.cli.line import line_teller
from agent.cli.output import Reporter
from agent.cli.texts import texts_of
from agent.transport.remark import LineRemark


@pytest.mark.parametrize("as_json", [False, True])
def test_a_remark_is_never_on_standard_output(as_json: bool) -> None:
    out, err = io.StringIO(), io.StringIO()
    line_teller(Reporter(texts_of("en"), out, err, as_json=as_json))(LineRemark("speed-found", {"baud": 9600}))
    assert out.getvalue() == ""
    assert err.getvalue() == "A terminal answers at 9600 baud.\n"
