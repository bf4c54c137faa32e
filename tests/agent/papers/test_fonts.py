from agent.papers.fonts import FACE, FOLDER, MONO, printable, width, widths


def test_both_scripts_and_the_signs_are_there():
    assert printable("终端退役证书 Café № ✓ → …「」—，。喆堃") == "终端退役证书 Café № ✓ → …「」—，。喆堃"
    gb2312 = [bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    assert len("".join(gb2312)) == 6_763
    assert {ord(letter) for letter in "".join(gb2312)} <= widths(FACE).keys()


def test_what_is_missing_is_shown_as_its_code_point():
    assert printable("张😀三\u0007") == "张[U+1F600]三[U+0007]"
    assert printable("终", MONO) == "[U+7EC8]"


def test_widths_are_those_of_the_face():
    assert width("终端", 10) == 20.0
    assert len({width(letter, 10, MONO) for letter in "0123456789abcdef"}) == 1


def test_the_licence_stands_beside_the_font():
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "WenQuanYi Micro Hei" in (FOLDER / "README.md").read_text(encoding="utf-8")
