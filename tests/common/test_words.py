from django.utils import translation

from nongan.common.words import MARKS, bracketed, listed, mark, sentence


def test_words_are_joined_with_the_marks_of_the_language():
    assert [mark(sign) for sign in MARKS] == list(MARKS)
    assert (listed(["甲", "乙"]), listed([]), listed(n for n in (1, 2))) == ("甲、乙", "", "1、2")
    assert (bracketed("甲", 1), sentence("甲", "乙", "丙"), sentence("", "乙", "")) == ("甲（1）", "甲：乙。丙", "乙")
    with translation.override("en"):
        assert f"A{mark('（')}B{mark('）')}{mark('：')}C" == "A (B): C"
        assert (listed(["a", "b", "c"]), listed("ab", "；")) == ("a, b, c", "a; b")
        assert (bracketed("a", 1), sentence("a", "b", "c"), sentence("a", "b", "")) == ("a (1)", "a: b. c", "a: b")
        assert all(sign.isascii() for sign in map(mark, MARKS))


def test_where_no_language_is_active_words_are_chinese():
    with translation.override(None):
        assert listed(["甲", "乙"]) == "甲、乙"
