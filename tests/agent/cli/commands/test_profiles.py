"""Profiles are listed, shown and checked."""


def test_the_profiles_that_came_with_it(posretire):
    document = posretire("profiles", "--json").document
    models = {profile["model"]: profile for profile in document["profiles"]}
    assert models["haike-h60"]["built_in"]
    assert models["haike-h60"]["verified_on_hardware"] is False
    assert "web instructions" in posretire("profiles", "list").out


def test_one_profile(posretire):
    document = posretire("profiles", "show", "haike-h60", "--json").document
    assert document["wipe"]["method"] == "Clear"
    assert "merchant_number" in document["bindings"]
    assert document["link"] == {
        "baud": 115_200,
        "source": "assumed",
        "parity": "none",
        "stop_bits": 1,
        "flow": "none",
        "highest_baud": 921_600,
        "private": "prefer",
        "datasets": "pmp",
    }
    page = posretire("profiles", "show", "haike-h60", "--lang", "zh").out
    assert "海科融通" in page
    assert "115200 8N1" in page


def test_an_unknown_model(posretire):
    said = posretire("profiles", "show", "nothing", "--json")
    assert (said.code, said.document["error"]) == (5, "unknown-model")


def test_all_profiles_are_right(posretire):
    document = posretire("profiles", "check", "--json").document
    assert all(each["ok"] for each in document["checked"])


def test_a_wrong_profile_is_named_and_does_not_stop_the_others(posretire, tmp_path, home):
    wrong = home / "profiles" / "wrong-model" / "profile.toml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("schema = 7\n")
    said = posretire("profiles", "check", "--json")
    assert said.code == 2
    assert [each["ok"] for each in said.document["checked"]].count(False) == 1
    assert "✗" in posretire("profiles", "check").out
    listed = posretire("profiles", "--json").document["profiles"]
    assert next(each for each in listed if each["model"] == "wrong-model")["fault"]["error"] == "profile-invalid"
    assert "WRONG" in posretire("profiles").out


def test_a_path_can_be_checked(posretire, tmp_path):
    said = posretire("profiles", "check", tmp_path / "absent.toml", "--json")
    assert said.code == 2
    assert said.document["checked"][0]["fault"]["error"] == "profile-unreadable"
