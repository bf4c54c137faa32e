from simulators.menus.situation import WIDEST, ListedDevice, Situation
from tests.simulators.menus.behind import MERCHANT, FakeTerminal

OWN = ListedDevice("9999990812345678", "本机", is_terminal=True)


def test_every_place_has_its_widest_form():
    situation = Situation(FakeTerminal(last_trace=7), (OWN,), OWN, "1.0", answers={"phone": "12000000000"})
    places = situation.places()
    assert set(places) <= set(WIDEST)
    assert (places["merchant"], places["short"], places["trace"]) == (MERCHANT, "12345678", "000007")
    assert places["typed_phone"] == "12000000000"


def test_an_unbound_and_wiped_terminal_says_so():
    places = Situation(FakeTerminal(initialised=False, merchant_number=None), (OWN,), OWN, "1.0").places()
    assert (places["merchant"], places["greeting"], places["trace"]) == ("未绑定", "未初始化", "")
