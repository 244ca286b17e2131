from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from nongan.accounts.rules import Role
from nongan.common.editing import Stale
from nongan.journal.models import Line
from nongan.standards import queries, services
from nongan.standards.models import Edition
from nongan.standards.rules import Why
from nongan.standards.services import EditionRefused
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.standards import factories as law

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 1)


@pytest.fixture
def edition():
    law.small_law()
    return Edition.objects.get(code=law.NEW)


def end(edition, by, valid_to, seen=0):
    return services.end_edition(edition_id=edition.pk, valid_to=valid_to, seen=seen, by=by, at=NOON)


def test_an_ended_edition_judges_no_later_product(edition):
    assert queries.book().resolve(law.COWPEA, law.IMIDACLOPRID, DAY).why == Why.LIMIT
    ended = end(edition, UserFactory(role=Role.PROGRAMME_OFFICE), date(2026, 7, 31))
    assert (ended.valid_to, ended.version) == (date(2026, 7, 31), 1)
    assert queries.book().resolve(law.COWPEA, law.IMIDACLOPRID, DAY).why == Why.NO_EDITION
    assert queries.book().resolve(law.COWPEA, law.IMIDACLOPRID, date(2026, 7, 31)).why == Why.LIMIT
    line = Line.objects.get(action="standards.edition.ended")
    assert line.facts["before"] is None
    assert line.facts["after"] == "2026-07-31"


def test_an_end_can_be_taken_back(edition):
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    end(edition, office, date(2026, 7, 31))
    assert end(edition, office, None, seen=1).valid_to is None


def test_the_end_is_not_before_the_beginning(edition):
    with pytest.raises(EditionRefused, match="2026-03-01"):
        end(edition, UserFactory(role=Role.PROGRAMME_OFFICE), date(2026, 2, 28))


def test_who_may_not(edition):
    with pytest.raises(PermissionDenied):
        end(edition, UserFactory(role=Role.SUPERVISOR), DAY)


def test_the_second_to_save_is_told(edition):
    office = UserFactory(role=Role.PROGRAMME_OFFICE)
    end(edition, office, DAY)
    with pytest.raises(Stale):
        end(edition, office, date(2026, 9, 1))
    assert Edition.objects.get(pk=edition.pk).valid_to == DAY


def test_what_does_not_exist(edition):
    with pytest.raises(Edition.DoesNotExist):
        services.end_edition(edition_id=0, valid_to=None, seen=0, by=UserFactory(role=Role.PROGRAMME_OFFICE), at=NOON)
