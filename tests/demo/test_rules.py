"""The invented city is the same every time, and nobody real is in it."""

from random import Random

from nongan.demo.rules import TRADES, business_name, mobile, person_name


def names(seed):
    chance, taken = Random(seed), set()
    return [business_name(chance, trade, "彬江镇", taken) for trade in TRADES for _n in range(20)]


def test_the_same_seed_gives_the_same_names():
    assert names(7) == names(7) != names(8)


def test_businesses_have_names_of_their_own():
    chance, taken = Random(1), set()
    cooperative = next(trade for trade in TRADES if trade.type == "cooperative")
    found = [business_name(chance, cooperative, "彬江镇", taken) for _n in range(300)]
    assert len(set(found)) == 300


def test_telephone_numbers_are_nobodys():
    chance = Random(1)
    assert all(number.startswith("100") and len(number) == 11 for number in (mobile(chance) for _n in range(50)))


def test_people_have_family_and_given_name():
    chance = Random(1)
    assert all(2 <= len(person_name(chance)) <= 3 for _n in range(200))
