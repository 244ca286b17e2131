import pytest
from django.db import transaction

from nongan.common.serials import take
from nongan.registry.models import Serial

pytestmark = pytest.mark.django_db
PREFIX, OTHER = "ZT-360902-", "ZT-360981-"


def test_numbers_follow_one_another_under_each_prefix():
    assert list(take(Serial, PREFIX, 3)) == [1, 2, 3]
    assert list(take(Serial, PREFIX, 2)) == [4, 5]
    assert list(take(Serial, OTHER, 1)) == [1]
    assert dict(Serial.objects.values_list("prefix", "last")) == {PREFIX: 5, OTHER: 1}


def test_the_first_number_follows_those_that_were_loaded_in_bulk():
    asked = []

    def begin(prefix):
        asked.append(prefix)
        return 40

    assert [*take(Serial, PREFIX, 2, begin), *take(Serial, PREFIX, 1, begin)] == [41, 42, 43]
    assert asked == [PREFIX]


def test_what_is_taken_in_vain_is_taken_again():
    with pytest.raises(RuntimeError), transaction.atomic():
        take(Serial, PREFIX, 7)
        raise RuntimeError
    assert list(take(Serial, PREFIX, 1)) == [1]
