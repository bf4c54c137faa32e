from agent.cli.case_request import Given
from agent.cli.commands import unbind


def test_it_takes_what_retire_takes_and_the_next_merchant_number():
    names = {parameter.name for parameter in unbind.build("en").params}
    assert {"target", "merchant", "password_file", "phone", "code_file", "rebind"} <= names


def test_it_asks_for_a_case_that_wipes_nothing(monkeypatch, mocker):
    asked = []
    monkeypatch.setattr(unbind, "run", lambda *given: asked.append(given))
    options = {"merchant": "999290054115112", "rebind": "999290058121234"}
    unbind.unbind(mocker.Mock(), "tcp://127.0.0.1:1", None, True, **options)
    (_, target, given, password_from, _, _) = asked[0]
    assert (target, password_from) == ("tcp://127.0.0.1:1", (None, True))
    assert given == Given(merchant="999290054115112", rebind="999290058121234", wipe=False)
