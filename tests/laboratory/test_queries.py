"""What the laboratory's people see, how the law judges their results, what the contexts above are told."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from nongan.accounts.rules import Role
from nongan.laboratory.models import Specimen, Test
from nongan.laboratory.queries import laboratories, report_of, reports_of, specimens_visible_to
from nongan.laboratory.queries import specimens as of_specimens
from nongan.laboratory.queries.judging import judgements_of
from nongan.laboratory.queries.review import queue
from nongan.laboratory.queries.work import search, todos
from nongan.laboratory.queries.worksheet import MOST, as_typed, sheet_of, waiting
from nongan.laboratory.rules.states import SpecimenState
from nongan.laboratory.services import return_for_correction
from nongan.standards.queries import book
from nongan.standards.rules import judge, parse_quantity, parse_result
from tests.accounts.factories import COUNTY, UserFactory
from tests.conftest import NOON
from tests.laboratory.factories import (
    BANNED,
    FAILING,
    PANEL,
    LaboratoryFactory,
    SpecimenFactory,
    entered,
    people_of,
    received,
    seen,
    signed,
    signed_report,
    submitted,
    typed,
    verified,
)
from tests.standards.factories import (
    CARBOFURAN,
    CARBOFURAN_PARENT,
    CELERY,
    CHLORPYRIFOS,
    CLENBUTEROL,
    COWPEA,
    ENROFLOXACIN,
    GRASS_CARP,
    HYDROXY_CARBOFURAN,
    IMIDACLOPRID,
    LEAD,
    PORK,
    small_law,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    small_law()


@pytest.fixture
def laboratory():
    return LaboratoryFactory()


def judged(results, **specimen):
    """Analyte → judgement; `results`: analyte → row as typed (or text)."""
    made = SpecimenFactory(panel=tuple(results), **specimen)
    tests = list(of_specimens.tests_of([made]))
    for test in tests:
        row = results[test.analyte_id]
        row = typed(row) if isinstance(row, str) else row
        test.text, test.unit, test.lod, test.loq, test.method = row.text, row.unit, row.lod, row.loq, row.method
    found = judgements_of([made], tests)
    return {test.analyte_id: found[test.pk] for test in tests}


# Judging


@pytest.mark.parametrize(
    "text, verdict",
    [("1", "pass"), ("1.000000001", "fail"), ("ND", "pass"), ("<0.005", "pass"), ("1000 μg/kg", "pass")],
)
def test_a_result_is_compared_by_full_value(text, verdict):
    row = typed(text, unit="" if "kg" in text else "mg/kg")
    assert judged({IMIDACLOPRID: row}, produced_on=date(2026, 5, 10))[IMIDACLOPRID].verdict == verdict


def test_the_limit_is_the_one_in_force_on_the_day_of_production():
    assert judged({IMIDACLOPRID: "1.5"}, produced_on=date(2026, 2, 28))[IMIDACLOPRID].verdict == "pass"
    fresh = judged({IMIDACLOPRID: "1.5"}, produced_on=date(2026, 3, 1))[IMIDACLOPRID]
    assert (fresh.verdict, fresh.limit.edition, fresh.limit.value) == ("fail", "GB 2763-2026", "1")
    assert "豇豆 → 荚可食类豆类蔬菜 → 豆类蔬菜" in fresh.path
    assert judged({IMIDACLOPRID: "1.5"})[IMIDACLOPRID].verdict == "fail", "by the day of sampling"


def test_a_banned_substance_that_is_found():
    found = judged({CARBOFURAN: "0.5"})[CARBOFURAN]
    assert (found.forbidden, found.found_banned, found.verdict) == (True, True, "fail")
    clean = judged({CARBOFURAN: "ND"})[CARBOFURAN]
    assert (clean.forbidden, clean.found_banned, clean.verdict) == (True, False, "pass")


def test_a_number_without_a_detection_limit_is_undecided_where_nothing_may_be_detected():
    bare = typed("0.4", unit="μg/kg", lod="", loq="")
    assert judged({CLENBUTEROL: bare}, commodity_id=PORK)[CLENBUTEROL].verdict == "undecided"
    below = typed("0.4", unit="μg/kg", lod="0.5", loq="")
    assert judged({CLENBUTEROL: below}, commodity_id=PORK)[CLENBUTEROL].verdict == "pass"
    above = typed("0.5", unit="μg/kg", lod="0.5", loq="")
    assert judged({CLENBUTEROL: above}, commodity_id=PORK)[CLENBUTEROL].found_banned


def test_without_a_limit_nothing_is_judged_and_without_an_edition_it_waits():
    assert judged({ENROFLOXACIN: "0.1"})[ENROFLOXACIN].verdict == "unjudged"
    waits = judged({LEAD: "0.1"})[LEAD]
    assert (waits.verdict, waits.limit) == ("undecided", None)
    assert "2026-09-02" in waits.reason


def test_demonstration_limits_are_marked():
    assert judged({ENROFLOXACIN: "0.08"}, commodity_id=GRASS_CARP)[ENROFLOXACIN].limit.demonstration


def test_a_component_counts_in_the_sum_that_was_reported():
    found = judged({CARBOFURAN: "0.5", HYDROXY_CARBOFURAN: "0.01"})
    assert found[CARBOFURAN].verdict == "fail"
    assert (found[HYDROXY_CARBOFURAN].verdict, found[HYDROXY_CARBOFURAN].found_banned) == ("unjudged", False)
    assert "按“克百威”的结果判定" in found[HYDROXY_CARBOFURAN].reason


def test_all_components_together_are_judged_as_the_sum():
    both = {CARBOFURAN_PARENT: "0.015", HYDROXY_CARBOFURAN: "0.01"}
    assert {j.verdict for j in judged(both).values()} == {"fail"}
    one = judged({CARBOFURAN_PARENT: "0.03", HYDROXY_CARBOFURAN: "ND"})
    assert one[CARBOFURAN_PARENT].verdict == "fail"
    assert one[HYDROXY_CARBOFURAN].verdict == "unjudged", "what was not found does not itself fail"
    within = judged({CARBOFURAN_PARENT: "0.01", HYDROXY_CARBOFURAN: "0.01"}, produced_on=date(2026, 5, 1))
    assert {j.verdict for j in within.values()} == {"pass"}
    assert "之和（0.02 mg/kg）" in within[CARBOFURAN_PARENT].reason
    alone = judged({HYDROXY_CARBOFURAN: "0.01"})
    assert alone[HYDROXY_CARBOFURAN].verdict == "undecided", "the other component may be there"
    mixed = {CARBOFURAN_PARENT: "0.01", HYDROXY_CARBOFURAN: typed("0.01", unit="mg/L")}
    assert judged(mixed)[CARBOFURAN_PARENT].verdict == "undecided", "no sum of two kinds of unit"


def test_what_the_laboratory_keeps_is_what_the_standards_say():
    found = judged({CHLORPYRIFOS: "0.06"}, commodity_id=CELERY)[CHLORPYRIFOS]
    said = judge(
        book(), food=CELERY, analyte=CHLORPYRIFOS, sampled_on=date(2026, 5, 11),
        result=parse_result("0.06", "mg/kg", lod=parse_quantity("0.002 mg/kg")),
    )  # fmt: skip
    assert (found.verdict, found.reason, found.path) == (said.verdict, said.reason, said.words)
    assert (found.limit.text, found.limit.value, found.limit.row) == (said.limit.text, said.limit.value, said.limit.row)


# Reports for the contexts above


def test_a_report_in_force_as_a_value(laboratory):
    specimen = SpecimenFactory(laboratory=laboratory)
    assert report_of(specimen.pk) is None
    (report,) = signed([specimen], BANNED)
    card = report_of(specimen.pk)
    assert (card.number, card.verdict, card.banned, card.tested_banned) == (report.number, "fail", True, True)
    first = card.items[0]
    assert (first.analyte, first.code, first.result, first.limit) == ("克百威", CARBOFURAN, "0.5 mg/kg", "≤0.02 mg/kg")
    assert (first.verdict, first.banned, first.forbidden) == ("fail", True, True)
    assert card.items[1].result == "未检出（检出限 0.002 mg/kg）"


def test_many_reports_in_one_query(laboratory, django_assert_num_queries):
    specimens = SpecimenFactory.create_batch(5, laboratory=laboratory)
    signed(specimens)
    with django_assert_num_queries(1):
        assert len(reports_of([s.pk for s in specimens])) == 5


def test_laboratories_in_service():
    here, other = LaboratoryFactory(division_id=COUNTY), LaboratoryFactory(active=False, division_id=COUNTY)
    found = dict(laboratories("360902000000"))
    assert here.pk in found
    assert other.pk not in found


# Who sees what


def test_a_laboratory_sees_its_own_specimens_only(laboratory):
    mine, theirs = SpecimenFactory(laboratory=laboratory), SpecimenFactory()
    people = people_of(laboratory)
    for who in (people.analyst, people.verifier, people.signatory):
        assert list(specimens_visible_to(who)) == [mine]
    assert theirs not in specimens_visible_to(UserFactory(role=Role.ANALYST, organisation=None))
    assert not specimens_visible_to(UserFactory(role=Role.OFFICER, organisation=laboratory)).exists()


def test_specimens_of_a_food_and_of_everything_in_a_category(laboratory):
    cowpea, celery = SpecimenFactory(laboratory=laboratory), SpecimenFactory(laboratory=laboratory, commodity_id=CELERY)
    for text, found in [
        ("豇豆", {cowpea}), ("长豆角", {cowpea}), (CELERY, {celery}), ("豆类蔬菜", {cowpea}),
        ("蔬菜", {cowpea, celery}), ("没有这种", set()),
    ]:  # fmt: skip
        assert set(of_specimens.of_food(Specimen.objects.all(), text)) == found, text


@pytest.mark.parametrize("state", [{}, {"state": "signed"}])
def test_a_list_by_food_and_verdict_reads_an_index_in_its_order(state):
    rows = of_specimens.of_food(Specimen.objects.filter(laboratory=1, verdict="fail", **state), "豇豆")
    counted, shown = rows.values("pk").explain(), rows.order_by("-received_at", "-pk").explain()
    if connection.vendor == "sqlite":
        assert "COVERING INDEX specimen_" in counted, counted
        assert "INDEX specimen_" in shown and "TEMP B-TREE" not in shown, shown


def test_nothing_that_a_laboratory_keeps_tells_where_the_food_is_from():
    """Blind by construction: neither table nor report has a column for subject, place or sampler."""
    told = {"subject", "division", "organisation", "sample", "sampler", "address", "origin"}
    for model in (Specimen, Test):
        assert not told & {field.name for field in model._meta.get_fields()}


def test_the_history_hides_who_sent_it(laboratory):
    (specimen,) = received(laboratory, 1)
    assert [line.by for line in of_specimens.history(specimen)] == ["送样单位（盲样，不显示）"]


# Queues, to-dos, search


def test_the_desk_has_the_failing_ones_first_and_not_the_own(laboratory):
    people = people_of(laboratory)
    good, bad, own = SpecimenFactory.create_batch(3, laboratory=laboratory)
    submitted([good])
    submitted([bad], FAILING)
    submitted([own])
    Test.objects.filter(specimen=own).update(entered_by=people.verifier)
    found = queue(people.verifier, SpecimenState.ENTERED)
    assert [one.specimen for one in found.shown] == [bad, good]
    assert [test.verdict for test in found.shown[0].tests] == ["fail", "pass", "pass"]
    assert (found.count, found.own, found.left) == (2, 1, 0)
    assert [one.specimen for one in queue(people.verifier, SpecimenState.ENTERED, verdict="pass").shown] == [good]
    assert [one.specimen for one in queue(people.verifier, SpecimenState.ENTERED, text=bad.code).shown] == [bad]


def test_todos_of_each_role(laboratory):
    people = people_of(laboratory)
    specimens = SpecimenFactory.create_batch(4, laboratory=laboratory)
    submitted(specimens[1:3])
    verified(specimens[3:])
    return_for_correction(seen=seen(specimens[1:2]), reason="重测", by=people.verifier, at=NOON)
    assert [todo.text for todo in todos(people.analyst, NOON)] == ["修改退回的样品 1 件", "待检 1 件"]
    assert [todo.text for todo in todos(people.verifier, NOON)][-1] == "待复核 1 件"
    assert [todo.text for todo in todos(people.signatory, NOON)] == ["待复核 1 件", "待签发 1 件"]
    assert todos(UserFactory(role=Role.OFFICER), NOON) == []


def test_search_finds_codes_and_reports(laboratory):
    report = signed_report(SpecimenFactory(laboratory=laboratory, code="MY-QWERTZ2345"))
    by = people_of(laboratory).analyst
    assert [hit.number for hit in search(by, "qwertz")] == ["MY-QWERTZ2345"]
    assert [hit.number for hit in search(by, report.number)] == [report.number]
    assert search(by, "MY") == []
    assert search(people_of(LaboratoryFactory()).analyst, "qwertz") == []


# The worksheet


def test_a_worksheet_offers_what_was_used_last(laboratory):
    entered([SpecimenFactory(laboratory=laboratory)])
    fresh = SpecimenFactory(laboratory=laboratory)
    sheet = sheet_of([fresh])
    assert [(row.shown.text, row.shown.unit, row.shown.lod, row.seen) for row in sheet.rows] == [
        ("", "mg/kg", "0.002", "")
    ] * 3
    assert (sheet.filled, sheet.empty, sheet.faulty, sheet.whole) == (0, 3, [], [])
    assert sheet_of([fresh], missing=True).faulty == [], "what is not begun can wait"
    Test.objects.filter(specimen=fresh, analyte=CARBOFURAN).update(
        text="ND", method="M", entered_by=people_of(laboratory).analyst, entered_at=NOON
    )
    assert len(sheet_of([fresh], missing=True).faulty) == 3


def test_a_worksheet_by_item(laboratory):
    two = SpecimenFactory.create_batch(2, laboratory=laboratory)
    rows = sheet_of(two, by_analyte=True).rows
    assert [row.code for row in rows[:2]] == [s.code for s in two]
    assert rows[0].analyte == rows[1].analyte


def test_a_worksheet_ends_with_a_whole_specimen(laboratory):
    many = SpecimenFactory.create_batch(MOST // len(PANEL) + 5, laboratory=laboratory)
    sheet = sheet_of(many)
    assert (len(sheet.rows), len(sheet.specimens), sheet.left_out) == (MOST, MOST // len(PANEL), 5)
    by = people_of(laboratory).analyst
    assert len(waiting(by, [many[3].code])) == 1
    assert waiting(by, [], "returned") == []


def test_a_refused_sheet_keeps_what_was_seen(laboratory):
    specimen = SpecimenFactory(laboratory=laboratory)
    entered([specimen])
    sheet = sheet_of([specimen])
    row = sheet.rows[0]
    again = as_typed(sheet, {row.key: typed("9")}, {row.key: "older"})
    assert (again.rows[0].shown.text, again.rows[0].seen) == ("9", "older")
    assert again.rows[1] == sheet.rows[1]


def test_results_are_exact(laboratory):
    specimen = SpecimenFactory(laboratory=laboratory, panel=(IMIDACLOPRID,), commodity_id=COWPEA)
    (report,) = signed([specimen], {IMIDACLOPRID: "0.100000001"})
    assert Decimal(report.content["items"][0]["result"]) == Decimal("0.100000001")
