"""What the laboratory does reaches the samples, once, in any order."""

import pytest

from nongan.common.evidence import EvidenceView
from nongan.journal.models import Delivery, Line
from nongan.journal.services import HANDLERS, deliver_due
from nongan.laboratory import services as laboratory
from nongan.laboratory.models import Test
from nongan.laboratory.rules.entry import Typed
from nongan.laboratory.rules.states import RejectCause
from nongan.monitoring import handlers, queries, services
from nongan.monitoring.evidence import VIEWS
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import SampleState
from tests.accounts.factories import UserFactory
from tests.conftest import NOON
from tests.monitoring.factories import (
    SampleFactory,
    SamplerFactory,
    heard,
    judged_sample,
    people_of,
    report_on,
    sent_samples,
    versions,
)
from tests.standards.factories import CARBOFURAN, IMIDACLOPRID, small_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(divisions: None) -> None:
    small_law()


def told() -> list[str]:
    """What the samples' journal says, in order."""
    lines = Line.objects.filter(action__startswith="monitoring.").order_by("sequence")
    return [line.action.rsplit(".", 1)[-1] for line in lines]


def test_a_signed_report_judges_the_sample() -> None:
    sample, clean = sent_samples(2)
    report, _other = report_on([sample], {CARBOFURAN: "0.5"})[0], report_on([clean], {})
    sample.refresh_from_db()
    clean.refresh_from_db()
    assert (sample.state, sample.verdict, sample.report) == (SampleState.JUDGED, "fail", report.number)
    assert (sample.banned, sample.tested_banned, sample.quantitative, sample.judged_at) == (True, True, True, NOON)
    assert sample.finding == "克百威 0.5 mg/kg（限量 ≤0.02 mg/kg，禁用物质）"
    assert (clean.verdict, clean.banned, clean.tested_banned, clean.finding) == ("pass", False, True, "")
    line = Line.objects.filter(action="monitoring.sample.judged").order_by("sequence").first()
    assert line is not None
    facts = {name: line.facts[name] for name in ("sample", "number", "verdict", "banned", "report")}
    assert facts == {"sample": sample.pk, "number": sample.number, "verdict": "fail", "banned": True,
                     "report": report.number}  # fmt: skip
    assert not Delivery.objects.exists()


def test_hearing_it_again_changes_nothing() -> None:
    (sample,) = sent_samples()
    report_on([sample], {})
    line = Line.objects.get(action="laboratory.report.signed")
    before = Line.objects.count()
    handlers.follow(line)
    handlers.follow(line)
    assert Line.objects.count() == before


def test_a_withdrawn_report_takes_the_result_back_and_out_of_the_public_eye() -> None:
    (sample,) = sent_samples()
    (report,) = report_on([sample], {CARBOFURAN: "0.5"})
    services.publish_samples(numbers=[sample.number], by=UserFactory(), at=NOON)
    assert queries.published().count() == 1
    _analyst, _verifier, signatory = people_of([report.specimen])
    with heard():
        laboratory.withdraw_report(number=report.number, reason="称样有误", by=signatory, at=NOON)
    sample.refresh_from_db()
    assert (sample.state, sample.report, sample.verdict, sample.banned) == (SampleState.SENT, "", "", False)
    assert (sample.published_at, sample.judged_at, sample.finding) == (None, None, "")
    assert sample.specimen_id
    assert queries.published().count() == 0
    assert not list(view().rows([sample.pk]))
    reopened = Line.objects.get(action="monitoring.sample.reopened")
    assert (reopened.facts["sample"], reopened.facts["number"]) == (sample.pk, sample.number)
    handlers.follow(Line.objects.get(action="laboratory.report.withdrawn"))
    handlers.follow(Line.objects.get(action="laboratory.report.signed"))
    assert Line.objects.filter(action="monitoring.sample.reopened").count() == 1
    assert told() == ["taken", "sent", "judged", "published", "reopened"]


def test_a_corrected_report_judges_anew() -> None:
    (sample,) = sent_samples()
    (report,) = report_on([sample], {CARBOFURAN: "0.5"})
    analyst, verifier, signatory = people_of([report.specimen])
    with heard():
        laboratory.withdraw_report(number=report.number, reason="称样有误", by=signatory, at=NOON)
    code = report.specimen.code
    entry = laboratory.Entry(code, CARBOFURAN, Typed("未检出", "mg/kg", "0.002", "", "GB 23200.121"), seen_of(code))
    laboratory.enter_results(entries=[entry], tested_on=NOON.date(), by=analyst, at=NOON)
    laboratory.submit(codes=[code], by=analyst, at=NOON)
    laboratory.verify(seen=versions([code]), by=verifier, at=NOON)
    with heard():
        (again,) = laboratory.sign(seen=versions([code]), by=signatory, at=NOON)
    sample.refresh_from_db()
    assert (sample.verdict, sample.report) == ("pass", again.number)
    assert told() == ["taken", "sent", "judged", "reopened", "judged"]


def seen_of(code: str) -> str:
    return Test.objects.get(specimen__code=code).typed.digest


def test_a_refused_specimen_brings_the_sample_back_to_be_sent() -> None:
    (sample,) = sent_samples()
    assert sample.specimen
    analyst, _verifier, _signatory = people_of([sample.specimen])
    with heard():
        laboratory.reject_specimen(
            code=sample.specimen.code, seen=1, cause=RejectCause.SEAL, note="封条脱落", by=analyst, at=NOON
        )
    sample.refresh_from_db()
    assert (sample.state, sample.specimen, sample.sent_at) == (SampleState.TAKEN, None, None)
    assert "封条脱落" in sample.returned
    assert sample.panel == [CARBOFURAN]
    before = Line.objects.count()
    handlers.take_back(Line.objects.get(action="laboratory.specimen.rejected"))
    assert Line.objects.count() == before
    (sent,) = services.send_samples(
        panels={sample.number: ()}, laboratory_id=analyst.organisation_id or 0, by=SamplerFactory(), at=NOON
    )
    assert (sent.returned, sent.state) == ("", SampleState.SENT)
    handlers.take_back(Line.objects.get(action="laboratory.specimen.rejected"))
    sent.refresh_from_db()
    assert sent.state == SampleState.SENT


def test_a_void_sample_stays_void() -> None:
    (sample,) = sent_samples()
    services.void_sample(number=sample.number, seen=2, reason="漏封", by=SamplerFactory(), at=NOON)
    report_on([sample], {CARBOFURAN: "0.5"})
    sample.refresh_from_db()
    assert (sample.state, sample.verdict) == (SampleState.VOID, "")


def test_what_was_not_heard_is_heard_later(monkeypatch: pytest.MonkeyPatch) -> None:
    (sample,) = sent_samples()
    name = "nongan.monitoring.handlers.follow"

    def broken(line: Line) -> None:
        raise RuntimeError("database is locked")

    monkeypatch.setitem(HANDLERS["laboratory.report.signed"], name, broken)
    report_on([sample], {})
    sample.refresh_from_db()
    assert sample.state == SampleState.SENT
    monkeypatch.setitem(HANDLERS["laboratory.report.signed"], name, handlers.follow)
    with heard():
        deliver_due(at=NOON.replace(year=2027))
    sample.refresh_from_db()
    assert sample.state == SampleState.JUDGED


def test_forty_reports_signed_at_once_need_few_queries_each(django_assert_max_num_queries) -> None:
    samples = sent_samples(40)
    with django_assert_max_num_queries(40 * 22 + 100):
        report_on(samples, {})
    assert Sample.objects.filter(state=SampleState.JUDGED).count() == 40
    with django_assert_max_num_queries(40 * 4):
        for sample in samples:
            services.follow_reports(specimen_ids=[sample.specimen_id or 0], by="系统", at=NOON)


def test_the_short_cut_of_the_factories_is_the_same_as_the_real_thing() -> None:
    sample = judged_sample("0.5")
    assert (sample.state, sample.verdict) == (SampleState.JUDGED, "fail")
    assert told() == ["taken", "sent", "judged"]


# evidence and cards


def view() -> EvidenceView:
    (found,) = [one for one in VIEWS if one.name == "monitoring.official_results"]
    return found


def test_evidence_has_one_row_for_each_concluded_sample_with_exactly_its_columns() -> None:
    bad, good = judged_sample("0.5"), judged_sample()
    other = sent_samples(panel=(IMIDACLOPRID,))[0]
    report_on([other], {})
    SampleFactory()
    SampleFactory(sent=True)
    SampleFactory(void=True)
    published = SampleFactory(published=True)
    rows = {row["id"]: row for row in view().rows(None)}
    assert set(rows) == {bad.pk, good.pk, other.pk, published.pk}
    assert set(rows[bad.pk]) == set(view().columns)
    facts = ("passed", "failed", "tested_banned", "banned_free", "quantitative")
    assert [rows[bad.pk][f] for f in facts] == [False, True, True, False, True]
    assert [rows[good.pk][f] for f in facts] == [True, False, True, True, True]
    assert [rows[other.pk][f] for f in facts] == [True, False, False, False, True]
    assert rows[bad.pk]["subject"] == bad.subject.number
    assert (rows[bad.pk]["commodity"], rows[bad.pk]["division"]) == ("豇豆", bad.division_id)
    assert rows[bad.pk]["title"] == f"豇豆 · {bad.subject.name}"
    assert list(view().rows([good.pk]).values_list("id", flat=True)) == [good.pk]


def test_cards_for_the_contexts_above() -> None:
    bad = judged_sample("0.5")
    card = queries.sample_card(bad.pk)
    assert (card.number, card.verdict, card.banned, card.report) == (bad.number, "fail", True, bad.report)
    assert (card.commodity_name, card.subject_number, card.division) == ("豇豆", bad.subject.number, bad.division_id)
    assert list(queries.failed_samples()) == [bad.pk]
    with pytest.raises(Sample.DoesNotExist):
        queries.sample_card(0)


def test_of_screening_tests_alone_a_sample_is_no_quantitative_batch() -> None:
    screened, measured = sent_samples(2)
    report_on([screened], {CARBOFURAN: "阴性"})
    report_on([measured], {})
    found = {row["number"]: row["quantitative"] for row in VIEWS[0].rows(None)}
    assert found == {screened.number: False, measured.number: True}
    screened.refresh_from_db()
    assert (screened.verdict, screened.state) == ("pass", SampleState.JUDGED)
