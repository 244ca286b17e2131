from datetime import date

import pytest

from nongan.registry.evidence import VIEWS
from tests.registry.factories import SubjectFactory

pytestmark = pytest.mark.django_db


def test_one_row_per_subject_with_the_columns_that_were_promised():
    (view,) = VIEWS
    open_one = SubjectFactory()
    closed = SubjectFactory(closed_on=date(2026, 4, 1), close_reason="停产")
    rows = list(view.rows(None).order_by("id"))
    assert [set(row) for row in rows] == [set(view.columns)] * 2
    assert rows[0] == {
        "id": open_one.pk, "number": open_one.number, "title": open_one.name, "division": open_one.division_id,
        "date": date(2025, 3, 1), "type": "cooperative", "scale": "above", "supervised_from": None, "closed_on": None,
    }  # fmt: skip
    assert [row["closed_on"] for row in view.rows([closed.pk])] == [date(2026, 4, 1)]
