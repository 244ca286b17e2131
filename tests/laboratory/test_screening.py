"""Rapid screening tests (快速检测): 阴性 is a result below the detection limit, 阳性 decides nothing by itself."""

from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from nongan.journal.models import Line
from nongan.journal.services import HANDLERS
from nongan.laboratory import services
from nongan.laboratory.models import Report, Test, Usual
from nongan.laboratory.queries import report_of
from nongan.laboratory.queries.reports import is_intact
from nongan.laboratory.rules.entry import Typed, read
from nongan.laboratory.rules.report import Undecided, content_from
from nongan.laboratory.rules.states import MoveNotAllowed
from tests.conftest import NOON
from tests.laboratory.factories import SpecimenFactory, people_of, seen, signed, typed, verified
from tests.standards.factories import CARBOFURAN, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db
QUICK = "GB/T 5009.199-2003"


@pytest.fixture(autouse=True)
def law(db, monkeypatch):
    for action in [action for action in HANDLERS if action.startswith("laboratory.")]:
        monkeypatch.delitem(HANDLERS, action)
    small_law()


def screened(specimen, text, **changes):
    """A screening result for every item, typed by the analyst."""
    by = people_of(specimen.laboratory).analyst
    entries = [
        services.Entry(specimen.code, test.analyte_id, typed(text, method=QUICK, **changes))
        for test in specimen.tests.all()
    ]
    services.enter_results(entries=entries, tested_on=NOON.date(), by=by, at=NOON)
    return by


# --- as written ---


@pytest.mark.parametrize("text", ["阴性", " 阴 ", "Negative", "（-）"])
def test_negative(text):
    reading, faults = read(Typed(text, "mg/kg", "0.05", "", QUICK))
    assert faults == []
    assert (reading.text, reading.detected, reading.qualitative, reading.value) == ("阴性", False, True, None)


@pytest.mark.parametrize("text", ["阳性", "阳", "positive", "（＋）"])
def test_positive_needs_no_unit_and_no_limit(text):
    reading, faults = read(Typed(text, "", "", "", QUICK))
    assert faults == []
    assert (reading.text, reading.detected, reading.qualitative, reading.unit) == ("阳性", True, True, "")


def test_what_is_missing():
    whole = Typed("阴性", "mg/kg", "0.05", "", QUICK)
    for change, field in [({"unit": ""}, "unit"), ({"lod": ""}, "lod"), ({"method": ""}, "method")]:
        _reading, faults = read(replace(whole, **change))
        assert [fault.field for fault in faults] == [field]
    assert read(Typed("弱阳性", "mg/kg", "0.05", "", QUICK))[1][0].field == "text"
    assert not read(typed("ND"))[0].qualitative
    assert not read(typed("0.5"))[0].qualitative


# --- as judged ---


def test_a_positive_is_undecided_even_of_a_forbidden_substance_until_it_is_measured():
    specimen = SpecimenFactory(panel=(CARBOFURAN,))
    by = screened(specimen, "阳性")
    services.submit(codes=[specimen.code], by=by, at=NOON)
    test = Test.objects.get()
    assert (test.verdict, test.found_banned, test.forbidden, test.detected) == ("undecided", False, True, True)
    assert "用定量方法确认" in test.reason
    assert "第五十一条" in test.reason
    specimen.refresh_from_db()
    assert (specimen.verdict, specimen.banned) == ("undecided", False)
    people = people_of(specimen.laboratory)
    services.verify(seen=seen([specimen]), by=people.verifier, at=NOON)
    with pytest.raises(Undecided, match="定量方法确认"):
        services.sign(seen=seen([specimen]), by=people.signatory, at=NOON)
    services.return_for_correction(seen=seen([specimen]), reason="请用定量方法确认", by=people.signatory, at=NOON)
    measured = services.Entry(specimen.code, CARBOFURAN, typed("0.5"))
    services.enter_results(entries=[measured], tested_on=NOON.date(), by=by, at=NOON)
    services.submit(codes=[specimen.code], by=by, at=NOON)
    services.verify(seen=seen([specimen]), by=people.verifier, at=NOON)
    (report,) = services.sign(seen=seen([specimen]), by=people.signatory, at=NOON)
    assert (report.verdict, report.banned) == ("fail", True)
    notes = [line.facts for line in Line.objects.filter(action="laboratory.results.entered").order_by("sequence")]
    assert [facts["corrected"] for facts in notes][-1] == [["克百威", "阳性", "0.5"]]  # the screening stays on record
    assert report_of(specimen.pk).quantitative


def test_a_negative_is_judged_by_its_detection_limit():
    specimen = SpecimenFactory(panel=(IMIDACLOPRID,))
    by = screened(specimen, "阴性", lod="0.05", loq="")
    services.submit(codes=[specimen.code], by=by, at=NOON)
    people = people_of(specimen.laboratory)
    services.verify(seen=seen([specimen]), by=people.verifier, at=NOON)
    (report,) = services.sign(seen=seen([specimen]), by=people.signatory, at=NOON)
    card = report_of(specimen.pk)
    assert (report.verdict, card.quantitative) == ("pass", False)
    assert card.items[0].result == "阴性（快速检测，检出限 0.05 mg/kg）"
    assert is_intact(report)
    coarse = SpecimenFactory(panel=(IMIDACLOPRID,))
    by = screened(coarse, "阴性", lod="99", loq="")  # the method sees nothing below the limit
    services.submit(codes=[coarse.code], by=by, at=NOON)
    coarse.refresh_from_db()
    assert coarse.verdict == "undecided"


def test_one_quantitative_item_makes_a_quantitative_report():
    specimen = SpecimenFactory(panel=(CARBOFURAN, IMIDACLOPRID))
    verified([specimen], {CARBOFURAN: "阴性"})
    services.sign(seen=seen([specimen]), by=people_of(specimen.laboratory).signatory, at=NOON)
    assert report_of(specimen.pk).quantitative


def test_a_positive_left_unjudged_is_printed_as_what_it_is():
    specimen = SpecimenFactory(panel=(CARBOFURAN, IMIDACLOPRID))
    verified([specimen], {IMIDACLOPRID: "阳性"})
    specimen.refresh_from_db()
    signatory = people_of(specimen.laboratory).signatory
    services.leave_unjudged(
        code=specimen.code, analyte=IMIDACLOPRID, seen=specimen.version, reason="样品量不足，无法确认", by=signatory,
        at=NOON,
    )  # fmt: skip
    services.sign(seen=seen([specimen]), by=signatory, at=NOON)
    card = report_of(specimen.pk)
    assert [(i.result, i.verdict) for i in card.items if i.code == IMIDACLOPRID] == [("阳性（快速检测）", "unjudged")]
    assert not card.banned


def test_a_banned_substance_is_never_left_unjudged():
    """Else the sample would pass, and its case be dropped, on a finding that nobody decided."""
    specimen = SpecimenFactory(panel=(CARBOFURAN, IMIDACLOPRID))
    verified([specimen], {CARBOFURAN: "阳性"})
    specimen.refresh_from_db()
    signatory = people_of(specimen.laboratory).signatory
    act = {"code": specimen.code, "analyte": CARBOFURAN, "reason": "无法确认", "by": signatory, "at": NOON}
    with pytest.raises(MoveNotAllowed, match="禁用物质"):
        services.leave_unjudged(**act, seen=specimen.version)
    specimen.refresh_from_db()
    assert specimen.verdict == "undecided"


def test_reports_signed_before_are_quantitative():
    specimen = SpecimenFactory(panel=(CARBOFURAN,))
    (report,) = signed([specimen])
    old = {
        **report.content,
        "items": [{k: v for k, v in i.items() if k != "qualitative"} for i in report.content["items"]],
    }
    assert [item.qualitative for item in content_from(old).items] == [False]


def test_conditions_of_a_screening_are_not_offered_for_the_next_test():
    specimen = SpecimenFactory(panel=(CARBOFURAN, IMIDACLOPRID))
    screened(specimen, "阴性", lod="0.05")
    assert not Usual.objects.exists()


# --- on screen ---


def test_on_the_worksheet_and_the_report(client):
    specimen = SpecimenFactory(panel=(IMIDACLOPRID,))
    people = people_of(specimen.laboratory)
    client.force_login(people.analyst)
    assertContains(client.get(reverse("laboratory:worksheet"), {"code": specimen.code}), "快速检测填 阴性、阳性")
    verified([specimen], {IMIDACLOPRID: "阴性"})
    services.sign(seen=seen([specimen]), by=people.signatory, at=NOON)
    assertContains(client.get(reverse("laboratory:report", args=[Report.objects.get().number])), "阴性（快速检测")
