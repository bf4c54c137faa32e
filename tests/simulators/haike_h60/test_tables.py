from simulators.haike_h60.tables import MODEL


def test_its_options():
    assert MODEL.options == {"second": ("password", "code")}
    assert MODEL.remote
